/** The wakes of an app, newest first, asked for again while they are on screen. */
import { queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { LIVE_MS } from "@/lib/query";

const PAGE = 50;
const FIGURES_MS = 15_000;

export function useWakes(app: string) {
  return useInfiniteQuery({
    queryKey: ["wakes", app],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/apps/{key}/wakes", {
          params: { path: { key: app }, query: { cursor: pageParam, limit: PAGE } },
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

/** The app's figures of the last seven days. */
export function weekQuery(app: string) {
  return queryOptions({
    queryKey: ["figures", app, "7d"],
    queryFn: ({ signal }) =>
      body(api.GET("/api/apps/{key}/metrics", { params: { path: { key: app }, query: { range: "7d" } }, signal })),
    refetchInterval: FIGURES_MS,
  });
}

/** The paths of the draft's files: which modules are the app's own. */
export function draftPathsQuery(app: string) {
  return queryOptions({
    queryKey: ["draft-paths", app],
    queryFn: async ({ signal }) =>
      Object.keys((await body(api.GET("/api/apps/{key}/draft", { params: { path: { key: app } }, signal }))).files),
    staleTime: 60_000,
  });
}
