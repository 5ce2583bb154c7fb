/** An app's settings. A change is shown at once and taken back if the server refuses it. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";

export function settingsQuery(app: string) {
  return queryOptions({
    queryKey: ["settings", app],
    queryFn: ({ signal }) => body(api.GET("/api/apps/{key}/settings", { params: { path: { key: app } }, signal })),
  });
}

export function useChangeSettings(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { idle_minutes: number }) =>
      body(api.PATCH("/api/apps/{key}/settings", { params: { path: { key: app } }, body: change })),
    onSuccess: (settings) => client.setQueryData(settingsQuery(app).queryKey, settings),
  });
}
