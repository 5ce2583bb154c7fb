/** The platform's settings, which are sent with the etag that was seen, and what there is to choose from for them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";

export type PlatformSettings = components["schemas"]["PlatformSettings"];
export type SettingsPatch = components["schemas"]["PlatformSettingsPatch"];
export type Pattern = components["schemas"]["BlockedPattern"];

/** Not asked for again by itself: what is typed is held against what was seen when the page was opened. */
export const settingsQuery = queryOptions({
  queryKey: ["admin", "settings"],
  queryFn: ({ signal }) => body(api.GET("/api/admin/settings", { signal })),
  staleTime: 0,
  gcTime: 0,
  refetchOnWindowFocus: false,
});

export const patternsQuery = queryOptions({
  queryKey: ["admin", "patterns"],
  queryFn: async ({ signal }) => (await body(api.GET("/api/admin/patterns", { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const packagesQuery = queryOptions({
  queryKey: ["admin", "packages"],
  queryFn: ({ signal }) => body(api.GET("/api/admin/packages", { signal })),
  staleTime: 60_000,
});

export const loadSettings = () => body(api.GET("/api/admin/settings"));

interface Change {
  seen: PlatformSettings;
  patch: SettingsPatch;
}

export function useSaveSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ seen, patch }: Change) =>
      body(
        api.PATCH("/api/admin/settings", {
          params: { header: { "If-Match": `"${seen.revision}"` } },
          body: patch,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["info"] }),
  });
}
