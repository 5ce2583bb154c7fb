/** Versions, what differs between two states of an app, deploys as they went, and going back to one. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { LIST_MS } from "@/lib/query";

/** Ten are kept, and the live one: one page holds them all. */
export function versionsQuery(app: string) {
  return queryOptions({
    queryKey: ["versions", app],
    queryFn: async ({ signal }) => {
      const params = { path: { key: app }, query: { limit: 50 } };
      return (await body(api.GET("/api/apps/{key}/versions", { params, signal }))).items;
    },
    refetchInterval: LIST_MS,
  });
}

/** The last deploys of the app, also those that came to nothing. */
export function deploysQuery(app: string) {
  return queryOptions({
    queryKey: ["deploys", app, "history"],
    queryFn: async ({ signal }) => {
      const params = { path: { key: app }, query: { limit: 30 } };
      return (await body(api.GET("/api/apps/{key}/deploys", { params, signal }))).items;
    },
    refetchInterval: LIST_MS,
  });
}

/** `before` and `after`: `draft`, or a version's number. */
export function diffQuery(app: string, before: string, after: string) {
  return queryOptions({
    queryKey: ["diff", app, before, after],
    queryFn: ({ signal }) => {
      const params = { path: { key: app }, query: { before, after } };
      return body(api.GET("/api/apps/{key}/diff", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

/** The files of one side, whole; a version never changes, the draft does. */
export function filesQuery(app: string, side: string) {
  return queryOptions({
    queryKey: ["files", app, side],
    queryFn: async ({ signal }) => {
      const path = { key: app };
      if (side === "draft") return (await body(api.GET("/api/apps/{key}/draft", { params: { path }, signal }))).files;
      const params = { path: { ...path, number: side } };
      return (await body(api.GET("/api/apps/{key}/versions/{number}", { params, signal }))).files;
    },
    staleTime: side === "draft" ? 0 : Number.POSITIVE_INFINITY,
  });
}

export function useRollback(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) =>
      body(
        api.POST("/api/apps/{key}/rollback", {
          params: { path: { key: app }, header: { "Idempotency-Key": crypto.randomUUID() } },
          body: { version },
        }),
      ),
    onSettled: () => {
      for (const queryKey of [["versions", app], ["deploys", app], ["app"], ["newest-deploy", app]])
        void client.invalidateQueries({ queryKey });
    },
  });
}
