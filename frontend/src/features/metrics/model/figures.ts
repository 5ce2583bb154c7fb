/**
 * From the API's points to charts, a table and the figures above them. The charts tell rates (a minute), the table what was
 * counted; memory is drawn where the platform measures it.
 */
import type { AppMetrics, MetricPoint, MetricTotals } from "@/lib/api/types";
import type { ChartFigure, Timeline } from "@/lib/chart";
import { ms } from "@/lib/format";

const KEPT_MS = 30 * 86_400_000;

const seconds = (time: string) => Date.parse(time) / 1000;

export function timelineOf(metrics: AppMetrics, live: boolean): Timeline {
  return {
    since: seconds(metrics.since),
    until: seconds(metrics.until),
    step: metrics.step_seconds,
    times: metrics.points.map(({ time }) => seconds(time)),
    asleep: metrics.points.map(sleptThrough),
    marks: metrics.deploys.map(({ time, version }) => ({
      time: seconds(time),
      label: version ? `v${version}` : "deploy",
    })),
    live,
  };
}

/** More asleep than awake; a step that nobody watched is neither. */
export function sleptThrough({ asleep_seconds, awake_seconds }: MetricPoint): boolean {
  return (asleep_seconds ?? 0) > 0 && (asleep_seconds ?? 0) >= awake_seconds;
}

const MEGABYTE = 1024 * 1024;

/** Megabytes, the most that the app took in that step; null where it was not measured. */
export function memoryOf(point: MetricPoint): number | null {
  return point.memory_max === null ? null : point.memory_max / MEGABYTE;
}

export function chartsOf(metrics: AppMetrics): ChartFigure[] {
  const { points } = metrics;
  const row = (read: (point: MetricPoint) => number | null) => points.map(read);
  const charts: ChartFigure[] = [
    {
      id: "requests",
      title: "Requests",
      unit: "a minute",
      kind: "bars",
      series: [
        {
          label: "Answered",
          colour: "accent",
          values: row((p) => aMinute(p, p.requests - p.client_errors - p.errors)),
        },
        { label: "4xx", colour: "muted", values: row((p) => aMinute(p, p.client_errors)) },
        { label: "5xx", colour: "error", values: row((p) => aMinute(p, p.errors)) },
      ],
      format: rate,
    },
    {
      id: "times",
      title: "Response time",
      unit: "ms",
      kind: "lines",
      powers: true,
      series: [
        { label: "p50", colour: "running", values: row((p) => p.p50) },
        { label: "p95", colour: "deploying", values: row((p) => p.p95) },
        { label: "p99", colour: "kw", values: row((p) => p.p99) },
      ],
      format: ms,
    },
    {
      id: "errors",
      title: "Errors",
      unit: "% of answers",
      kind: "bars",
      series: [
        { label: "5xx", colour: "error", values: row((p) => (p.requests ? (100 * p.errors) / p.requests : null)) },
      ],
      format: (value) => `${percent(value / 100)} %`,
    },
    {
      id: "wakes",
      title: "Wakes",
      unit: "",
      kind: "bars",
      series: [
        { label: "Woken", colour: "waking", values: row((p) => p.wakes - p.wakes_failed) },
        { label: "Failed", colour: "error", values: row((p) => p.wakes_failed) },
      ],
      format: String,
      whole: true,
    },
  ];
  const memory = row(memoryOf);
  if (memory.some((value) => value !== null))
    charts.push({
      id: "memory",
      title: "Memory",
      unit: "MB",
      kind: "lines",
      series: [{ label: "At most", colour: "deploying", values: memory }],
      format: (value) => `${Math.round(value)} MB`,
    });
  return charts;
}

/** Of `count` among a point's requests; the point's rate knows how much of its step has gone by. */
function aMinute(point: MetricPoint, count: number): number {
  return point.requests === 0 ? 0 : (point.rate * 60 * count) / point.requests;
}

export function rate(value: number): string {
  return value === 0 ? "0" : value < 10 ? value.toFixed(value < 1 ? 2 : 1) : Math.round(value).toLocaleString("en-US");
}

/** A share (0 to 1) in percent; what is more than nothing is not shown as 0. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return "0";
  if (value < 0.1) return "< 0.1";
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** `9 h 12`, `14 min`, `3 days 4 h`. */
export function hours(value: number): string {
  const minutes = Math.round(value * 60);
  if (minutes < 60) return `${minutes} min`;
  const whole = Math.floor(minutes / 60);
  if (whole < 48) return minutes % 60 ? `${whole} h ${String(minutes % 60).padStart(2, "0")}` : `${whole} h`;
  const days = Math.floor(whole / 24);
  return whole % 24 ? `${days} d ${whole % 24} h` : `${days} d`;
}

export type Trend = { word: string; direction: "up" | "down" | "same" };

/** How a figure changed from the range before; null where there is nothing to compare with. */
export function trend(now: number | null, before: number | null | undefined): Trend | null {
  if (now === null || before === null || before === undefined) return null;
  if (now === before) return { word: "no change", direction: "same" };
  const direction = now > before ? "up" : "down";
  if (before === 0) return { word: "from 0", direction };
  const times = now / before;
  if (times >= 10) return { word: `${Math.round(times)}×`, direction };
  const share = Math.abs(times - 1);
  return share < 0.005 ? { word: "no change", direction: "same" } : { word: `${percent(share)} %`, direction };
}

/** The time before that is as long; null where figures are not kept for so long. */
export function rangeBefore(metrics: AppMetrics, now: number): { since: string; until: string } | null {
  const [since, until] = [Date.parse(metrics.since), Date.parse(metrics.until)];
  const start = since - (until - since);
  if (start < now - KEPT_MS) return null;
  // To whole minutes, so that a range that moves with the clock does not ask anew each second.
  const minute = (time: number) => new Date(Math.floor(time / 60_000) * 60_000).toISOString();
  return { since: minute(start), until: minute(since) };
}

/** Asleep of how much time watched. */
export function watchedHours({ asleep_hours, awake_hours }: MetricTotals): number | null {
  return asleep_hours === null ? null : asleep_hours + awake_hours;
}
