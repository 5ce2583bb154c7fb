/** A day's points as few bars: how many requests, and whether the app slept, so that "none" and "asleep" differ. */
import type { MetricPoint } from "@/lib/api/types";

export interface Bar {
  time: string;
  requests: number;
  errors: number;
  wakes: number;
  asleep: boolean;
  /** Of the tallest, 0 to 1. */
  height: number;
}

/** `count` bars at most, of as many points each; a bar sleeps when it answered nothing and was mostly asleep. */
export function bars(points: readonly MetricPoint[], count: number): Bar[] {
  const each = Math.max(1, Math.ceil(points.length / count));
  const found: Bar[] = [];
  for (let first = 0; first < points.length; first += each) found.push(barOf(points.slice(first, first + each)));
  const tallest = Math.max(1, ...found.map((bar) => bar.requests));
  return found.map((bar) => ({ ...bar, height: bar.requests / tallest }));
}

function barOf(points: readonly MetricPoint[]): Bar {
  const sum = (read: (point: MetricPoint) => number) => points.reduce((total, point) => total + read(point), 0);
  const requests = sum((point) => point.requests);
  const asleep = sum((point) => point.asleep_seconds ?? 0);
  return {
    time: points[0]?.time ?? "",
    requests,
    errors: sum((point) => point.errors),
    wakes: sum((point) => point.wakes),
    asleep: requests === 0 && asleep > 0 && asleep >= sum((point) => point.awake_seconds),
    height: 0,
  };
}

/** Hours as `9 h 12`, minutes alone below one. */
export function hours(value: number): string {
  const minutes = Math.round(value * 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60}`;
}
