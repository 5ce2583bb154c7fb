/** The requests an app answered, newest first, asked for again while they are on screen. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { LIVE_MS } from "@/lib/query";

/** Rows of one page of the full list. */
export const LIST_PAGE = 100;

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

/** The request with this id among those that the list has loaded. */
export function useChosenRequest(app: string, id: string | undefined) {
  const query = useRequests(app, LIST_PAGE);
  return id === undefined ? undefined : query.data?.find((record) => record.id === id);
}
