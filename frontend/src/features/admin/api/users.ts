/** All accounts, by pages, and what an administrator does to them. */
import { queryOptions, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";

export type AdminUser = components["schemas"]["AdminUser"];
export type NewUser = components["schemas"]["AdminUserCreate"];
type UserChange = components["schemas"]["AdminUserPatch"];

const USERS = ["admin", "users"] as const;

export function useUsers(prefix: string) {
  return useInfiniteQuery({
    queryKey: [...USERS, prefix],
    queryFn: ({ pageParam, signal }) =>
      body(api.GET("/api/admin/users", { params: { query: { prefix, cursor: pageParam, limit: 100 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

/** The names of an account's apps, as many as a question can name. */
export const appsOfQuery = (owner: string) =>
  queryOptions({
    queryKey: ["admin", "apps-of", owner],
    queryFn: async ({ signal }) => {
      const page = await body(api.GET("/api/admin/apps", { params: { query: { owner, limit: 10 } }, signal }));
      return page.items.map((app) => app.name);
    },
  });

function useChange<T, R>(change: (given: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: USERS }) });
}

/** Gives up one's own rights; from then on the page is another one. */
export function useStepDown() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      body(api.PATCH("/api/admin/users/{user_id}", { params: { path: { user_id: id } }, body: { admin: false } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
}

export const useCreateUser = () => useChange((user: NewUser) => body(api.POST("/api/admin/users", { body: user })));

export const useChangeUser = () =>
  useChange(({ id, ...given }: UserChange & { id: string }) =>
    body(api.PATCH("/api/admin/users/{user_id}", { params: { path: { user_id: id } }, body: given })),
  );

export const useDeleteUser = () =>
  useChange(({ id, username }: AdminUser) =>
    api.DELETE("/api/admin/users/{user_id}", { params: { path: { user_id: id }, query: { name: username } } }),
  );
