/** What can be done to an app as a whole. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { App } from "@/lib/api/types";
import { appQuery } from "@/lib/apps";
import { askAgain } from "./actions";

export function useCreateApp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { name: string | null; template: string | null }) =>
      body(api.POST("/api/apps", { body: wanted })),
    onSuccess: (app) => {
      client.setQueryData(appQuery(app.name).queryKey, app);
      void askAgain(client);
    },
  });
}

export type Verb = "wake" | "sleep" | "pause" | "resume" | "restart";

const ON_THE_WAY = new Set<Verb>(["wake", "restart"]);

/** Does one of the verbs to an app; the answer comes once it is so. */
export function usePower(app: App) {
  const client = useQueryClient();
  const key = appQuery(app.name).queryKey;
  return useMutation({
    mutationFn: (verb: Verb) => body(api.POST(`/api/apps/{key}/${verb}`, { params: { path: { key: app.id } } })),
    onMutate: (verb) => {
      if (ON_THE_WAY.has(verb)) client.setQueryData(key, (old) => old && { ...old, status: "waking" as const });
    },
    onSuccess: (state) => client.setQueryData(key, (old) => old && { ...old, status: state.status }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}
