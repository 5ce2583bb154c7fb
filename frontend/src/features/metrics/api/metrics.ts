/** Figures of an app, its grouped errors and its events, asked for again while they are on screen. */
import { keepPreviousData, queryOptions, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { ErrorGroup } from "@/lib/api/types";
import { LIST_MS } from "@/lib/query";
import { DEFAULT_RANGE, type MetricsSearch } from "../search";

/** The longer the range, the less a moment changes in it, and the more there is to read. */
const EVERY_MS: Record<string, number> = { "1h": LIST_MS, "6h": LIST_MS, "24h": 15_000 };
const SLOW_MS = 30_000;

export function metricsQuery(app: string, { range, from, to }: MetricsSearch) {
  const query = from && to ? { since: from, until: to } : { range: range ?? DEFAULT_RANGE };
  return queryOptions({
    queryKey: ["metrics", app, query],
    queryFn: ({ signal }) =>
      body(api.GET("/api/apps/{key}/metrics", { params: { path: { key: app }, query }, signal })),
    refetchInterval: EVERY_MS[query.range ?? ""] ?? SLOW_MS,
    placeholderData: keepPreviousData,
  });
}

/** The same length of time before it, for comparison; null where figures are not kept for so long. */
export function beforeQuery(app: string, between: { since: string; until: string } | null) {
  return queryOptions({
    queryKey: ["metrics", app, "before", between],
    queryFn: async ({ signal }) => {
      const query = between ?? {};
      const params = { path: { key: app }, query };
      return (await body(api.GET("/api/apps/{key}/metrics", { params, signal }))).totals;
    },
    enabled: between !== null,
    staleTime: SLOW_MS,
    placeholderData: keepPreviousData,
  });
}

const errorsKey = (app: string) => ["errors", app];

export function useErrorGroups(app: string) {
  return useInfiniteQuery({
    queryKey: errorsKey(app),
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/apps/{key}/errors", {
          params: { path: { key: app }, query: { cursor: pageParam, limit: 20 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
    refetchInterval: LIST_MS,
  });
}

/** Hides a group until it is seen again; gone from the list at once, back if the server refuses. */
export function useResolveError(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (group: ErrorGroup) =>
      body(
        api.POST("/api/apps/{key}/errors/{fingerprint}/resolve", {
          params: { path: { key: app, fingerprint: group.fingerprint } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: errorsKey(app) }),
  });
}

export function useEvents(app: string) {
  return useInfiniteQuery({
    queryKey: ["events", app],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/apps/{key}/events", {
          params: { path: { key: app }, query: { cursor: pageParam, limit: 20 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
    refetchInterval: LIST_MS,
  });
}
