/**
 * What the dashboard's address says: the open tab, and what each tab shows. Every tab reads its own part with a reader of its
 * own; a new tab adds its name to DASHBOARD_TABS and its reader to `readDashboardSearch`.
 */
import { type ExplorerSearch, readExplorerSearch } from "@/features/databases/search";
import { type MetricsSearch, readMetricsSearch } from "@/features/metrics/search";
import { optional } from "@/lib/search";

export const DASHBOARD_TABS = ["requests", "logs", "wakes", "database", "metrics", "versions", "settings"] as const;
export type DashboardTab = (typeof DASHBOARD_TABS)[number];

type Search = Record<string, unknown>;

export const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
export const flag = (value: unknown) => (value === true ? true : undefined);
const moment = (value: unknown) => (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined);
/** Words that look like a number come back from the address as one. */
const words = (value: unknown) => text(typeof value === "number" ? String(value) : value);

export interface RequestsSearch {
  /** The filter's words. */
  q?: string;
  /** Only what came before this moment; without it the list is live. */
  until?: string;
  /** The chosen request. */
  request?: string;
}

const readRequests = (search: Search): RequestsSearch =>
  optional({ q: words(search.q), until: moment(search.until), request: words(search.request) });

export interface LogsSearch {
  q?: string;
  level?: string;
  /** The moment jumped to; without it the log is followed. */
  at?: string;
  /** Long lines are cut instead of wrapped. */
  cut?: true;
}

const readLogs = (search: Search): LogsSearch =>
  optional({ q: words(search.q), level: text(search.level), at: moment(search.at), cut: flag(search.cut) });

export interface WakesSearch {
  /** The chosen wake. */
  wake?: string;
}

const readWakes = (search: Search): WakesSearch => optional({ wake: words(search.wake) });

export interface VersionsSearch {
  /** The number of the version that is looked at. */
  version?: number;
  /** What it is compared with: `draft`, or a number. */
  with?: string;
  path?: string;
}

const readVersions = (search: Search): VersionsSearch =>
  optional({
    version: typeof search.version === "number" ? search.version : undefined,
    with: words(search.with),
    path: text(search.path),
  });

export type DashboardSearch = { tab?: DashboardTab } & RequestsSearch &
  LogsSearch &
  WakesSearch &
  ExplorerSearch &
  MetricsSearch &
  VersionsSearch;

export function readDashboardSearch(search: Search): DashboardSearch {
  return {
    ...optional({ tab: DASHBOARD_TABS.find((tab) => tab === search.tab) }),
    ...readRequests(search),
    ...readLogs(search),
    ...readWakes(search),
    ...readExplorerSearch(search),
    ...readMetricsSearch(search),
    ...readVersions(search),
  };
}
