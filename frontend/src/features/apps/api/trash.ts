/** Deleting an app, having it back for a day, and letting it go for good. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { App } from "@/lib/api/types";
import { LIST_MS } from "@/lib/query";
import { toast } from "@/lib/toasts";
import { askAgain } from "./actions";

export const trashQuery = queryOptions({
  queryKey: ["trash"],
  queryFn: ({ signal }) => body(api.GET("/api/trash", { params: { query: { limit: 200 } }, signal })),
  refetchInterval: LIST_MS * 4,
});

async function changed(client: QueryClient): Promise<void> {
  await Promise.all([askAgain(client), client.invalidateQueries({ queryKey: trashQuery.queryKey })]);
}

/** Deletes; the toast has the way back, and so has the list of deleted apps once it is gone. */
export function useDeleteApp(app: App) {
  const client = useQueryClient();
  const restore = useRestoreApp();
  return useMutation({
    mutationFn: () => body(api.DELETE("/api/apps/{key}", { params: { path: { key: app.id } } })),
    onSuccess: async () => {
      toast(`${app.name} is deleted`, { onUndo: () => restore.mutate({ id: app.id, name: null }) });
      await changed(client);
    },
  });
}

export function useRestoreApp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string | null }) =>
      body(api.POST("/api/trash/{app_id}/restore", { params: { path: { app_id: id } }, body: { name } })),
    onSuccess: (app) => toast(`${app.name} is back`),
    onError: () => toast("It could not be had back yet. Recently deleted says more."),
    onSettled: () => changed(client),
  });
}

export function usePurgeApp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(api.DELETE("/api/trash/{app_id}", { params: { path: { app_id: id } } })),
    onSuccess: () => changed(client),
  });
}
