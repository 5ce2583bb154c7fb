/** Which databases there are, and one more: what the explorer and an app's settings both ask. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "./api/client";
import { LIST_MS } from "./query";

export const DATABASES_KEY = ["databases"];

/** The caller's databases; with `owner` somebody else's, for administrators. */
export function databasesQuery(owner?: string) {
  return queryOptions({
    queryKey: [...DATABASES_KEY, { owner }],
    queryFn: async ({ signal }) => {
      const query = { limit: 200, ...(owner === undefined ? {} : { all: true, owner }) };
      return (await body(api.GET("/api/databases", { params: { query }, signal }))).items;
    },
    refetchInterval: LIST_MS,
  });
}

export function useCreateDatabase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (label: string) => body(api.POST("/api/databases", { body: { label } })),
    onSuccess: () => client.invalidateQueries({ queryKey: DATABASES_KEY }),
  });
}
