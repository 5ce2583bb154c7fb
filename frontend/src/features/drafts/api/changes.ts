/** What the live version holds, to compare the draft with. */
import { useQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";

/** A version never changes, so it is asked for once. */
export function useVersion(app: string, number: number | null) {
  return useQuery({
    queryKey: ["version", app, number],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/apps/{key}/versions/{number}", {
          params: { path: { key: app, number: String(number) } },
          signal,
        }),
      ),
    enabled: number !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** How the saved draft and the settings differ from the live version. */
export function useDiff(app: string) {
  return useQuery({
    queryKey: ["app", app, "diff"],
    queryFn: ({ signal }) => body(api.GET("/api/apps/{key}/diff", { params: { path: { key: app } }, signal })),
  });
}
