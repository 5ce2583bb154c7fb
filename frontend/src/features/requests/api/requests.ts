/** Reading an app's requests: the last few, pages that a filter lets through, and one in whole. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { LIVE_MS } from "@/lib/query";
import type { Fetch } from "../model/feed";
import type { FilterQuery } from "../model/filter";

/** The newest ones, asked for again while they are on screen. */
export function useRequests(app: string, limit: number) {
  return useInfiniteQuery({
    queryKey: ["requests", app, limit],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/apps/{key}/requests", {
          params: { path: { key: app }, query: { cursor: pageParam, limit } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
    refetchInterval: LIVE_MS,
    enabled: app !== "",
  });
}

/** Pages of those that the filter lets through, none from `until` on. */
export function pages(app: string, query: FilterQuery, until: string | undefined): Fetch {
  return (wanted) =>
    body(
      api.GET("/api/apps/{key}/requests", {
        params: { path: { key: app }, query: { ...query, until, ...wanted } },
      }),
    );
}

/** One request with its lines, its failure's code and its wake. Its last lines may come a moment after it. */
export function useRequest(app: string, id: string | undefined) {
  return useQuery({
    queryKey: ["request", app, id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/apps/{key}/requests/{rid}", { params: { path: { key: app, rid: id ?? "" } }, signal })),
    enabled: id !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.dataUpdateCount < 3 ? LIVE_MS : false),
  });
}

/** The draft's files, to tell whether a line of the deployed version is still in it. */
export function useDraftFiles(app: string, wanted: boolean) {
  return useQuery({
    queryKey: ["draft-files", app],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/apps/{key}/draft", { params: { path: { key: app } }, signal }))).files,
    enabled: wanted,
    staleTime: 10_000,
  });
}
