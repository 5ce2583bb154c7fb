/** What an app printed, newest first from the server; asked for again while it is on screen. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { LIVE_MS } from "@/lib/query";

const PAGE = 200;

export function useLogs(app: string, search?: string) {
  return useInfiniteQuery({
    queryKey: ["logs", app, search ?? ""],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/apps/{key}/logs", {
          params: { path: { key: app }, query: { search, cursor: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
    refetchInterval: LIVE_MS,
  });
}
