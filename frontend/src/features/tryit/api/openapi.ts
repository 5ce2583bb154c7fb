/** The app's own OpenAPI, as its live version tells it. An app that has none, or sleeps and was never asked, has null. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { ApiError } from "@/lib/api/problem";

/** `version`: asked again only when another one is live; `awake`: and when it has woken since it could not be asked. */
function openapiQuery(app: string, version: number | null, awake: boolean) {
  return queryOptions({
    queryKey: ["openapi", app, version, awake],
    queryFn: async ({ signal }) => {
      try {
        return await body(api.GET("/api/apps/{key}/openapi", { params: { path: { key: app } }, signal }));
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return null;
        throw error;
      }
    },
    enabled: version !== null,
    staleTime: 60_000,
    retry: 1,
  });
}

export function useOpenapi(app: string, version: number | null, awake: boolean) {
  return useQuery({ ...openapiQuery(app, version, awake), placeholderData: (before) => before });
}
