/** The platform in figures and what happened on it lately, asked for again while on screen. */
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";
import { LIST_MS } from "@/lib/query";

export type Stats = components["schemas"]["Stats"];
export type PlatformEvent = components["schemas"]["Event"];

export const statsQuery = queryOptions({
  queryKey: ["admin", "stats"],
  queryFn: ({ signal }) => body(api.GET("/api/admin/stats", { signal })),
  refetchInterval: LIST_MS,
});

export const eventsQuery = queryOptions({
  queryKey: ["admin", "events"],
  queryFn: async ({ signal }) =>
    (await body(api.GET("/api/admin/events", { params: { query: { limit: 30 } }, signal }))).items,
  refetchInterval: LIST_MS,
});
