/** Reading apps: what more than one screen needs to know of them. The rest of the verbs are in features/apps. */
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./api/client";
import type { AppStatus } from "./api/types";
import { LIST_MS, LIVE_MS } from "./query";

/** Sorted by figures, all counters of a day are added up for an answer. */
const SLOW_LIST_MS = 20_000;

const BUSY: ReadonlySet<AppStatus> = new Set(["deploying", "waking"]);

export type FleetSort = "last_request" | "name" | "requests" | "p95" | "newest";

/** Which apps, in which order; `offset` and `limit` are the part of them that is on screen. */
export interface FleetAsked {
  q?: string;
  /** Statuses with commas between; none is all. */
  status?: string;
  sort?: FleetSort;
  offset?: number;
  limit?: number;
}

export const FLEET_KEY = ["fleet"] as const;

/** A part of the fleet with its figures. The server finds and sorts, so that a part costs the same of 10,000 apps as of 10. */
export function fleetQuery(asked: FleetAsked) {
  return queryOptions({
    queryKey: [...FLEET_KEY, asked],
    queryFn: ({ signal }) => body(api.GET("/api/fleet", { params: { query: asked }, signal })),
    refetchInterval: asked.sort === "requests" || asked.sort === "p95" ? SLOW_LIST_MS : LIST_MS,
  });
}

/** One app by its name; asked for more often while it is between two states. */
export function appQuery(name: string) {
  return queryOptions({
    queryKey: ["app", name],
    queryFn: ({ signal }) => body(api.GET("/api/apps/{key}", { params: { path: { key: name } }, signal })),
    refetchInterval: (query) => (query.state.data && BUSY.has(query.state.data.status) ? 700 : LIVE_MS),
  });
}
