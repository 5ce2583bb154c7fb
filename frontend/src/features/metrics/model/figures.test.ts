import { describe, expect, it } from "vitest";
import type { AppMetrics, MetricPoint } from "@/lib/api/types";
import { chartsOf, hours, percent, rangeBefore, rate, sleptThrough, timelineOf, trend } from "./figures";

const point = (given: Partial<MetricPoint>): MetricPoint => ({
  time: "2026-01-10T12:00:00Z",
  requests: 0,
  rate: 0,
  errors: 0,
  client_errors: 0,
  memory_max: null,
  memory_last: null,
  p50: null,
  p95: null,
  p99: null,
  cold_starts: 0,
  wakes: 0,
  wakes_failed: 0,
  awake_seconds: 0,
  asleep_seconds: null,
  ...given,
});

const metrics = (...points: Partial<MetricPoint>[]) =>
  ({
    since: "2026-01-10T12:00:00Z",
    until: "2026-01-10T13:00:00Z",
    step_seconds: 60,
    points: points.map(point),
    deploys: [{ time: "2026-01-10T12:30:00Z", version: 7, deploy: "d", by: "ada" }],
  }) as unknown as AppMetrics;

describe("charts", () => {
  it("split a rate by how it was answered, also in a step that is not over", () => {
    // 10 requests in 30 s of a minute: 20 a minute.
    const [requests] = chartsOf(metrics({ requests: 10, rate: 10 / 30, client_errors: 2, errors: 3 }));
    expect(requests?.series.map(({ label, values }) => [label, Math.round(values[0] ?? -1)])).toEqual([
      ["Answered", 10],
      ["4xx", 4],
      ["5xx", 6],
    ]);
  });

  it("tell no share of nothing", () => {
    const errors = chartsOf(metrics({}, { requests: 4, errors: 1 })).find(({ id }) => id === "errors");
    expect(errors?.series[0]?.values).toEqual([null, 25]);
  });

  it("draw memory where it was measured alone", () => {
    expect(chartsOf(metrics({})).map(({ id }) => id)).toEqual(["requests", "times", "errors", "wakes"]);
    const measured = { memory_max: 61.5 * 1024 * 1024 };
    expect(chartsOf(metrics({}, measured)).at(-1)?.series[0]?.values).toEqual([null, 61.5]);
  });

  it("know sleep from silence, and both from what nobody watched", () => {
    expect(sleptThrough(point({ asleep_seconds: 60, awake_seconds: 0 }))).toBe(true);
    expect(sleptThrough(point({ asleep_seconds: 0, awake_seconds: 60 }))).toBe(false);
    expect(sleptThrough(point({ asleep_seconds: 20, awake_seconds: 40 }))).toBe(false);
    expect(sleptThrough(point({ asleep_seconds: null }))).toBe(false);
    expect(timelineOf(metrics({ asleep_seconds: 60 }), true)).toMatchObject({
      asleep: [true],
      marks: [{ label: "v7" }],
      step: 60,
    });
  });
});

describe("figures", () => {
  it("are short, and never 0 for something", () => {
    expect([0, 0.0004, 0.002, 0.104, 1].map(percent)).toEqual(["0", "< 0.1", "0.2", "10", "100"]);
    expect([0, 0.25, 2.54, 1204.4].map(rate)).toEqual(["0", "0.25", "2.5", "1,204"]);
    expect([0.2, 9.2, 9, 47.5, 76].map(hours)).toEqual(["12 min", "9 h 12", "9 h", "47 h 30", "3 d 4 h"]);
  });

  it("are compared with those before", () => {
    expect(trend(150, 100)).toEqual({ word: "50 %", direction: "up" });
    expect(trend(50, 100)).toEqual({ word: "50 %", direction: "down" });
    expect(trend(100, 100)?.direction).toBe("same");
    expect(trend(3, 0)).toEqual({ word: "from 0", direction: "up" });
    expect(trend(5000, 100)).toEqual({ word: "50×", direction: "up" });
    expect([trend(null, 3), trend(3, null), trend(3, undefined)]).toEqual([null, null, null]);
  });

  it("have no before where it is not kept any more", () => {
    const now = Date.parse("2026-01-10T13:00:20Z");
    expect(rangeBefore(metrics(), now)).toEqual({
      since: "2026-01-10T11:00:00.000Z",
      until: "2026-01-10T12:00:00.000Z",
    });
    expect(rangeBefore({ ...metrics(), since: "2025-12-11T13:00:00Z" }, now)).toBeNull();
  });
});
