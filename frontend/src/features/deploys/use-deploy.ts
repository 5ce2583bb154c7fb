/** Deploying from a screen: press, follow, and, when the page is opened while one runs, join it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { App } from "@/lib/api/types";
import { cancelDeploy, newestDeployQuery, startDeploy, watchDeploy } from "./api/deploys";
import { over, superseded } from "./model/progress";
import { useDeployStore } from "./store";

const NEWS_MS = 10_000;

export function useDeploy(app: App | undefined, prepare: () => Promise<boolean>) {
  const client = useQueryClient();
  const { open, receive, close } = useDeployStore();
  const mine = useDeployStore((state) => (state.app === app?.id ? state.progress : null));
  const id = mine?.deploy.id;
  const running = mine !== null && !over(mine.deploy);

  const start = useMutation({
    mutationFn: async () => {
      if (!app || !(await prepare())) return null;
      return startDeploy(app.id);
    },
    onSuccess: (deploy) => {
      if (deploy && app) open(app.id, deploy, app.version, false);
      void client.invalidateQueries({ queryKey: ["app"] });
    },
  });

  const cancel = useMutation({
    mutationFn: () => cancelDeploy(id ?? ""),
    onSuccess: (deploy) => useDeployStore.getState().told(deploy),
  });
  const { reset } = cancel;

  useJoin(app, running || start.isPending);

  useEffect(() => {
    if (!id || !running) return;
    return watchDeploy(id, receive);
  }, [id, running, receive]);

  useEffect(() => {
    if (!id || running) return;
    reset();
    void client.invalidateQueries();
  }, [id, running, client, reset]);

  return {
    press: () => {
      if (running || start.isPending) return;
      reset();
      start.mutate();
    },
    running: running || start.isPending,
    error: start.error ?? cancel.error,
    cancel: () => cancel.mutate(),
    cancelling: cancel.isPending || cancel.isSuccess,
    elsewhere: useDeployStore((state) => state.elsewhere),
    close,
  };
}

/**
 * A deploy that was started elsewhere, or before this page was opened, is followed as well; one that begins and ends between
 * two looks is shown as it ended.
 */
function useJoin(app: App | undefined, running: boolean): void {
  const { open, seen } = useDeployStore();
  const opened = useRef(Date.now());
  const newest = useQuery({ ...newestDeployQuery(app?.id ?? ""), enabled: app !== undefined && !running });
  const deploy = newest.data;
  useEffect(() => {
    if (!app || !deploy || deploy.app !== app.id || running || superseded(deploy, seen)) return;
    // What ended while the page was loaded (again) is news; what ended long before is history.
    const lately = Date.parse(deploy.finished_at ?? deploy.created_at) > opened.current - NEWS_MS;
    if (over(deploy) && !lately) return;
    const live = deploy.status === "succeeded" ? null : app.version;
    open(app.id, deploy, live, true);
  }, [app, deploy, running, seen, open]);
}
