/**
 * A deploy as it is seen here: the newest event wins, an older one (a reconnect repeats them) changes nothing, and each
 * stage remembers when it was first seen running, so that its time can be counted until the server tells the real one.
 */
import type { Deploy, DeployEvent, Stage } from "@/lib/api/types";

export interface Progress {
  deploy: Deploy;
  seq: number;
  /** Local time at which a stage was first seen running, by its name, milliseconds. */
  since: Partial<Record<Stage["name"], number>>;
}

export function begin(deploy: Deploy, now: number): Progress {
  return { deploy, seq: 0, since: seen({}, deploy, now) };
}

export function advance(progress: Progress, event: DeployEvent, now: number): Progress {
  if (event.deploy.id !== progress.deploy.id || event.seq <= progress.seq) return progress;
  if (over(progress.deploy) && !over(event.deploy)) return progress;
  return { deploy: event.deploy, seq: event.seq, since: seen(progress.since, event.deploy, now) };
}

export function over(deploy: Deploy): boolean {
  return deploy.status !== "running";
}

/** Whether that deploy, or a later one of its app, was on screen already: then it is no news, however late it is told. */
export function superseded(deploy: Deploy, shown: readonly Deploy[]): boolean {
  const began = Date.parse(deploy.created_at);
  return shown.some((one) => one.app === deploy.app && Date.parse(one.created_at) >= began);
}

function seen(since: Progress["since"], deploy: Deploy, now: number): Progress["since"] {
  const running = deploy.stages.filter((stage) => stage.status === "running" && since[stage.name] === undefined);
  return running.length === 0 ? since : { ...since, ...Object.fromEntries(running.map((stage) => [stage.name, now])) };
}

const WORDS: Record<Stage["name"], { idle: string; busy: string; done: string }> = {
  validate: { idle: "Validate", busy: "Validating", done: "Validated" },
  version: { idle: "Version", busy: "Writing version", done: "Version" },
  start: { idle: "Start", busy: "Starting", done: "Started" },
  ready: { idle: "Ready", busy: "Routing", done: "Ready" },
};

export function stageWord(stage: Stage, version: number | null): string {
  const words = WORDS[stage.name];
  if (stage.status === "running") return words.busy;
  if (stage.status !== "done") return words.idle;
  return stage.name === "version" && version !== null ? `Version ${version}` : words.done;
}

/** Whether somebody took it back in time. */
export function isCancelled(deploy: Deploy): boolean {
  return deploy.status === "failed" && deploy.findings.some((finding) => finding.code === "cancelled");
}

/** What the deploy means for visitors, in one sentence. `live` is the version that served before it. */
export function meaning(deploy: Deploy, live: number | null): string {
  const next = deploy.version === null ? "the new version" : `v${deploy.version}`;
  const before = live !== null && live !== deploy.version ? `v${live}` : null;
  if (deploy.status === "succeeded")
    return deploy.cancelled_by ? `${next} was live before the cancel arrived` : `${next} is live`;
  if (deploy.status === "failed") return before ? `${before} keeps serving` : "Nothing is live yet";
  if (deploy.cancelled_by) return before ? `Cancelling; ${before} keeps serving` : "Cancelling";
  return before
    ? `${before} keeps serving until ${next} is ready`
    : "The first version gets its address when it is ready";
}
