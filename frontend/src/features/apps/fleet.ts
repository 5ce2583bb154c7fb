/** The list of apps as people ask for it: by status, by words, by what happened last. Pure, so that it can be tested. */
import type { App, AppStatus } from "@/lib/api/types";

export const FILTERS = ["all", "running", "sleeping", "error", "draft"] as const;
export type FleetFilter = (typeof FILTERS)[number];

/** Waking and deploying apps count as running: they are on their way there. */
const GROUP: Record<AppStatus, FleetFilter> = {
  running: "running",
  waking: "running",
  deploying: "running",
  sleeping: "sleeping",
  paused: "sleeping",
  error: "error",
  draft: "draft",
};

export function readFilter(value: unknown): FleetFilter {
  return FILTERS.find((filter) => filter === value) ?? "all";
}

/** Apps that match every word of `words` in name or address and belong to `filter`, the last used first. */
export function select(apps: readonly App[], filter: FleetFilter, words: string): App[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return apps
    .filter((app) => filter === "all" || GROUP[app.status] === filter)
    .filter((app) => wanted.every((word) => `${app.name} ${app.url}`.toLowerCase().includes(word)))
    .sort((a, b) => recency(b) - recency(a) || a.name.localeCompare(b.name));
}

function recency(app: App): number {
  return Date.parse(app.last_request_at ?? app.updated_at);
}

export function counts(apps: readonly App[]): Record<FleetFilter, number> {
  const result = { all: apps.length, running: 0, sleeping: 0, error: 0, draft: 0 };
  for (const app of apps) result[GROUP[app.status]] += 1;
  return result;
}
