/** The templates, and the requests that work on an app made from one of them. */
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./api/client";

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async ({ signal }) => (await body(api.GET("/api/templates", { signal }))).items,
  staleTime: 60_000,
});
