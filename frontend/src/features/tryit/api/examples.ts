/** The app's saved requests: all of them are read, and written, at once. What is on screen changes first. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { ExampleRequest } from "@/lib/api/types";

function examplesQuery(app: string) {
  return queryOptions({
    queryKey: ["examples", app],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/apps/{key}/examples", { params: { path: { key: app } }, signal }))).items,
    staleTime: 30_000,
  });
}

export function useExamples(app: string) {
  return useQuery(examplesQuery(app));
}

export function useSaveExamples(app: string) {
  const client = useQueryClient();
  const { queryKey } = examplesQuery(app);
  return useMutation({
    mutationFn: async (items: ExampleRequest[]) =>
      (await body(api.PUT("/api/apps/{key}/examples", { params: { path: { key: app } }, body: { items } }))).items,
    onMutate: async (items) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      client.setQueryData(queryKey, items);
      return { before };
    },
    onError: (_error, _items, context) => client.setQueryData(queryKey, context?.before),
    onSuccess: (items) => client.setQueryData(queryKey, items),
  });
}
