/** Deploying from a screen: press, follow, and, when the page is opened while one runs, join it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, body } from "@/lib/api/client";
import type { App } from "@/lib/api/types";
import { getDeploy, startDeploy, watchDeploy } from "./api/deploys";
import { over } from "./model/progress";
import { useDeployStore } from "./store";

export function useDeploy(app: App | undefined, prepare: () => Promise<boolean>, revision: () => number) {
  const client = useQueryClient();
  const { open, receive, close } = useDeployStore();
  const mine = useDeployStore((state) => (state.app === app?.id ? state.progress : null));
  const id = mine?.deploy.id;
  const running = mine !== null && !over(mine.deploy);

  const start = useMutation({
    mutationFn: async () => {
      if (!app || !(await prepare())) return null;
      const taken = revision();
      return { deploy: await startDeploy(app.id), taken };
    },
    onSuccess: (started) => {
      if (started && app) open(app.id, started.deploy, app.version, started.taken);
      void client.invalidateQueries({ queryKey: ["app"] });
    },
  });

  useJoin(app, running);

  useEffect(() => {
    if (!id || !running) return;
    return watchDeploy(id, receive);
  }, [id, running, receive]);

  useEffect(() => {
    if (id && !running) void client.invalidateQueries();
  }, [id, running, client]);

  return {
    press: () => void (!running && !start.isPending && start.mutate()),
    running: running || start.isPending,
    error: start.error,
    close,
  };
}

/** A deploy that was started elsewhere, or before this page was opened, is followed as well. */
function useJoin(app: App | undefined, running: boolean): void {
  const open = useDeployStore((state) => state.open);
  const wanted = app?.status === "deploying" && !running;
  const state = useQuery({
    queryKey: ["deploying", app?.id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/apps/{key}/status", { params: { path: { key: app?.id ?? "" } }, signal })),
    enabled: wanted,
    staleTime: 0,
  });
  const id = state.data?.deploy;
  useEffect(() => {
    if (!wanted || !id || !app || useDeployStore.getState().progress?.deploy.id === id) return;
    let left = false;
    void getDeploy(id).then((deploy) => !left && !over(deploy) && open(app.id, deploy, app.version, -1));
    return () => {
      left = true;
    };
  }, [wanted, id, app, open]);
}
