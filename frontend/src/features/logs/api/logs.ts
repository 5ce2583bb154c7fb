/** What an app printed: pages of the stored lines, the address of the live tail, and of the whole log as a file. */
import { api, body } from "@/lib/api/client";
import type { LogLine } from "@/lib/api/types";
import type { Level } from "../model/levels";

export interface LogFilter {
  q: string | undefined;
  level: Level | undefined;
}

const PAGE = 200;
/** Stored lines that a tail begins with. */
export const TAIL_LINES = 500;
/** What happened so long ago has been told by the tail, if it ever is. */
export const SETTLED_MS = 5_000;
const PAGES_MOST = 50;

interface Beyond {
  app: string;
  filter: LogFilter;
  /** Looks older or newer than this moment. */
  from: string;
  older: boolean;
  known: (id: string) => boolean;
  signal: AbortSignal;
}

/**
 * The nearest lines beyond a moment that are not known yet, oldest first; none when there are no more. Of the moment itself those
 * that are not known belong here, too, but for one just gone by: the live tail is about to tell them.
 */
export async function beyond({ app, filter, from, older, known, signal }: Beyond): Promise<LogLine[]> {
  const settled = Date.now() - Date.parse(from) > SETTLED_MS;
  const span = older
    ? { until: new Date(Date.parse(from) + (settled ? 1 : 0)).toISOString() }
    : { since: from, order: "asc" };
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const query = { ...filter, ...span, cursor, limit: PAGE };
    const found = await body(api.GET("/api/apps/{key}/logs", { params: { path: { key: app }, query }, signal }));
    const fresh = found.items.filter((line) => !known(line.id));
    if (fresh.length > 0 || !found.next) return older ? fresh.reverse() : fresh;
    cursor = found.next;
  }
  return [];
}

/** From a moment on, oldest first. */
export async function from(app: string, filter: LogFilter, at: string, signal: AbortSignal): Promise<LogLine[]> {
  const query = { ...filter, since: at, order: "asc", limit: PAGE };
  return (await body(api.GET("/api/apps/{key}/logs", { params: { path: { key: app }, query }, signal }))).items;
}

function parameters(values: Record<string, string | undefined>): string {
  return new URLSearchParams(
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString();
}

export function tailAddress(app: string, filter: LogFilter, after: string | undefined): string {
  const origin = window.location.origin.replace(/^http/, "ws");
  return `${origin}/api/apps/${encodeURIComponent(app)}/logs/stream?${parameters({ ...filter, after, lines: String(TAIL_LINES) })}`;
}

export function fileAddress(app: string, filter: LogFilter, format: "txt" | "jsonl"): string {
  return `/api/apps/${encodeURIComponent(app)}/logs/download?${parameters({ ...filter, format })}`;
}
