/** All of the caller's apps together over the last day: what their sleep gave back. */
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";

export const summaryQuery = queryOptions({
  queryKey: ["summary"],
  queryFn: ({ signal }) => body(api.GET("/api/metrics/summary", { params: { query: { range: "24h" } }, signal })),
  refetchInterval: 30_000,
});
