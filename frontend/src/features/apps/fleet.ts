/** The fleet as people ask for it: groups of statuses, orders, and which part of it is on screen. Pure. */

import type { AppStatus, FleetPage, FleetRow } from "@/lib/api/types";
import type { FleetSort } from "@/lib/apps";

export const FILTERS = ["all", "running", "sleeping", "error", "draft", "paused"] as const;
export type FleetFilter = (typeof FILTERS)[number];

/** Waking and deploying apps count as running: they are on their way there. */
const GROUPS: Record<Exclude<FleetFilter, "all">, readonly AppStatus[]> = {
  running: ["running", "waking", "deploying"],
  sleeping: ["sleeping"],
  error: ["error"],
  draft: ["draft"],
  paused: ["paused"],
};

export const SORTS: readonly { value: FleetSort; label: string }[] = [
  { value: "last_request", label: "Last request" },
  { value: "name", label: "Name" },
  { value: "requests", label: "Requests" },
  { value: "p95", label: "p95" },
  { value: "newest", label: "Newest" },
];

export function readFilter(value: unknown): FleetFilter {
  return FILTERS.find((filter) => filter === value) ?? "all";
}

export function readSort(value: unknown): FleetSort {
  return SORTS.find((sort) => sort.value === value)?.value ?? "last_request";
}

/** The statuses of a filter as the API takes them; nothing is all of them. */
export function statusesOf(filter: FleetFilter): string | undefined {
  return filter === "all" ? undefined : GROUPS[filter].join(",");
}

export type FleetCounts = Record<FleetFilter, number>;

export function groupCounts(counts: Readonly<Record<string, number>>): FleetCounts {
  const of = (filter: Exclude<FleetFilter, "all">) =>
    GROUPS[filter].reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  return {
    all: Object.values(counts).reduce((sum, count) => sum + count, 0),
    running: of("running"),
    sleeping: of("sleeping"),
    error: of("error"),
    draft: of("draft"),
    paused: of("paused"),
  };
}

/** Rows that are asked for together. A screen has about fifteen, so that mostly one or two parts are in sight. */
export const PART = 100;

/** The offsets of the parts in which the rows from `first` to `last` lie. */
export function partsOf(first: number, last: number): number[] {
  const parts = [];
  for (let offset = Math.floor(first / PART) * PART; offset <= last; offset += PART) parts.push(offset);
  return parts;
}

/** The row at that place, if a page that holds it has come. */
export function rowAt(pages: readonly (FleetPage | undefined)[], index: number): FleetRow | undefined {
  const page = pages.find((one) => one && index >= one.offset && index < one.offset + one.items.length);
  return page?.items[index - page.offset];
}

/** The bars as one path in a box of `width` by `height`, 4 px apart; hours without a request are left to the base line. */
export function barPath(bars: readonly number[], width: number, height: number): string {
  const most = Math.max(...bars, 1);
  const step = width / bars.length;
  return bars
    .map((count, index) => {
      if (count === 0) return "";
      const tall = Math.max(2, Math.round((count / most) * height));
      return `M${(index * step).toFixed(1)} ${height}v-${tall}h${(step - 1).toFixed(1)}v${tall}z`;
    })
    .join("");
}
