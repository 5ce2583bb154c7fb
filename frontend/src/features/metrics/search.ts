/** What the address says of the Metrics tab: the range, or a time of one's own from a chart, and whether it is a table. */
import { optional } from "@/lib/search";

export const RANGES = ["1h", "6h", "24h", "7d", "30d"] as const;
export type RangeName = (typeof RANGES)[number];
export const DEFAULT_RANGE: RangeName = "24h";

export interface MetricsSearch {
  range?: RangeName;
  /** RFC 3339; both or none. */
  from?: string;
  to?: string;
  table?: true;
}

const moment = (value: unknown) =>
  typeof value === "string" && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;

export function readMetricsSearch(search: Record<string, unknown>): MetricsSearch {
  const [from, to] = [moment(search.from), moment(search.to)];
  const whole = from !== undefined && to !== undefined && from < to;
  return optional({
    range: RANGES.find((range) => range === search.range),
    from: whole ? from : undefined,
    to: whole ? to : undefined,
    table: search.table === true ? (true as const) : undefined,
  });
}
