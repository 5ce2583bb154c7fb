/** What can be done to an app as a whole. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { App } from "@/lib/api/types";
import { appQuery, appsQuery } from "@/lib/apps";

export function useCreateApp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { name: string | null; template: string | null }) =>
      body(api.POST("/api/apps", { body: wanted })),
    onSuccess: (app) => {
      client.setQueryData(appQuery(app.name).queryKey, app);
      void client.invalidateQueries({ queryKey: appsQuery.queryKey });
    },
  });
}

export function useDeleteApp(app: App) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.DELETE("/api/apps/{key}", { params: { path: { key: app.id } } })),
    onSuccess: () => {
      client.setQueryData(appsQuery.queryKey, (apps) => apps?.filter((other) => other.id !== app.id));
    },
  });
}

/** Puts an app to sleep or wakes it; the answer comes once it is so. */
export function usePower(app: App) {
  const client = useQueryClient();
  const key = appQuery(app.name).queryKey;
  return useMutation({
    mutationFn: (verb: "wake" | "sleep") => {
      const params = { path: { key: app.id } };
      return body(
        verb === "wake" ? api.POST("/api/apps/{key}/wake", { params }) : api.POST("/api/apps/{key}/sleep", { params }),
      );
    },
    onMutate: (verb) => {
      if (verb === "wake") client.setQueryData(key, (old) => old && { ...old, status: "waking" as const });
    },
    onSuccess: (state) => client.setQueryData(key, (old) => old && { ...old, status: state.status }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}
