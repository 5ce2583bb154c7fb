/** Starting a deploy and following it. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { Deploy, DeployEvent } from "@/lib/api/types";
import { LIVE_MS } from "@/lib/query";
import { over } from "../model/progress";

/** Starts one. The key makes a repeated press or a retried request the same deploy. */
export function startDeploy(app: string): Promise<Deploy> {
  const params = { path: { key: app }, header: { "Idempotency-Key": crypto.randomUUID() } };
  return body(api.POST("/api/apps/{key}/deploy", { params }));
}

export function getDeploy(id: string): Promise<Deploy> {
  return body(api.GET("/api/deploys/{deploy_id}", { params: { path: { deploy_id: id } } }));
}

/** Takes a deploy back; it ends as cancelled, unless it is live already. */
export function cancelDeploy(id: string): Promise<Deploy> {
  return body(api.POST("/api/deploys/{deploy_id}/cancel", { params: { path: { deploy_id: id } } }));
}

/** The app's newest deploy, whoever started it, asked for again and again while the page is seen. */
export function newestDeployQuery(app: string) {
  return queryOptions({
    queryKey: ["newest-deploy", app],
    queryFn: async ({ signal }) => {
      const params = { path: { key: app }, query: { limit: 1 } };
      return (await body(api.GET("/api/apps/{key}/deploys", { params, signal }))).items[0] ?? null;
    },
    refetchInterval: LIVE_MS,
    staleTime: 0,
  });
}

/** The same as it was last told, without asking: `useDeploy` asks. */
export function useNewestDeploy(app: string): Deploy | null {
  return useQuery({ ...newestDeployQuery(app), enabled: false }).data ?? null;
}

const POLL_MS = 1_000;

/**
 * Tells every event of a deploy until it is over. The browser reconnects by itself and resumes by the last id; where the
 * stream is refused (control is down for a moment) the deploy is asked for once a second. Returns what stops it.
 */
export function watchDeploy(id: string, onEvent: (event: DeployEvent) => void): () => void {
  const source = new EventSource(`/api/deploys/${encodeURIComponent(id)}/events`);
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const tell = (event: DeployEvent) => {
    last = Math.max(last, event.seq);
    onEvent(event);
    if (over(event.deploy)) stop();
    return over(event.deploy);
  };
  const poll = async () => {
    try {
      if (tell({ seq: last + 1, deploy: await getDeploy(id) })) return;
    } catch {
      // The next poll tries again; a login that ran out has already been told to the page.
    }
    if (!stopped) timer = setTimeout(() => void poll(), POLL_MS);
  };
  const stop = () => {
    stopped = true;
    source.close();
    clearTimeout(timer);
  };
  source.addEventListener("deploy", (message) => void tell(JSON.parse(message.data) as DeployEvent));
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && void poll());
  return stop;
}
