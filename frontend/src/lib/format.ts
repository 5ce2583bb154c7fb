/** Numbers and times as the page shows them: tabular, local, with the exact value left to a title. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds with one decimal below 100, none above; the unit is the column's business. */
export function ms(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US");
}

/** Milliseconds as a whole number with its unit, seconds from 10,000 on: `28 ms`, `12.4 s`. */
export function duration(value: number): string {
  return value < 10_000 ? `${Math.round(value).toLocaleString("en-US")} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** `now`, `12 s ago`, `3 h ago`, `yesterday`, `5 days ago`. */
export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 5) return "now";
  if (seconds < MINUTE) return `${seconds} s ago`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  const days = Math.floor(seconds / DAY);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** Local wall-clock time, `14:02:51`, with the date before it when it was not today: `Nov 3 14:02:51`. */
export function clock(time: string, now: number): string {
  const at = new Date(time);
  const wall = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
  const today = new Date(now).toDateString() === at.toDateString();
  return today ? wall : `${DAY_OF_YEAR.format(at)} ${wall}`;
}

// Made once: a list that is scrolled shows very many times.
const DAY_OF_YEAR = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });

/** The exact moment for a title, in UTC. */
export function utc(time: string): string {
  return `${new Date(time).toISOString().replace("T", " ").replace("Z", "")} UTC`;
}

/** Kilobytes, at least 1 when there is anything. */
export function kilobytes(bytes: number): number {
  return bytes === 0 ? 0 : Math.max(1, Math.round(bytes / 1024));
}

/** The part of an address that people read: host and port without the scheme. */
export function host(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** The text with a full stop, unless it ends in a mark of its own. */
export function sentence(text: string): string {
  return /[.?!:]$/.test(text) ? text : `${text}.`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** The reason phrase of a status code, empty for one that has none. */
export function reason(status: number): string {
  return REASONS[status] ?? "";
}

const REASONS: Record<number, string> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No content",
  301: "Moved",
  302: "Found",
  303: "See other",
  304: "Not modified",
  307: "Temporary redirect",
  308: "Permanent redirect",
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  418: "Teapot",
  422: "Unprocessable",
  429: "Too many requests",
  500: "Server error",
  502: "Bad gateway",
  503: "Unavailable",
  504: "Gateway timeout",
};
