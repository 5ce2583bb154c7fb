/** The wakes of an app, newest first, asked for again while they are on screen. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { LIVE_MS } from "@/lib/query";

const PAGE = 50;

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
