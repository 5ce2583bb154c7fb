/** An app's settings. What the server answers to a change is what is shown: it alone knows what the change came to. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";
import { LIST_MS } from "@/lib/query";

export type SettingsPatch = components["schemas"]["AppSettingsPatch"];

export function settingsQuery(app: string) {
  return queryOptions({
    queryKey: ["settings", app],
    queryFn: ({ signal }) => body(api.GET("/api/apps/{key}/settings", { params: { path: { key: app } }, signal })),
    refetchInterval: LIST_MS,
  });
}

export function useChangeSettings(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: SettingsPatch) =>
      body(api.PATCH("/api/apps/{key}/settings", { params: { path: { key: app } }, body: change })),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery(app).queryKey, settings);
      void client.invalidateQueries({ queryKey: ["diff"] });
      void client.invalidateQueries({ queryKey: ["app"] });
    },
  });
}
