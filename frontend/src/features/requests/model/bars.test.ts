import { describe, expect, it } from "vitest";
import type { MetricPoint } from "@/lib/api/types";
import { bars, hours } from "./bars";

function point(change: Partial<MetricPoint>): MetricPoint {
  return {
    ...{ time: "2026-01-01T00:00:00Z", requests: 0, rate: 0, errors: 0, p50: null, p95: null, p99: null },
    ...{ cold_starts: 0, wakes: 0, wakes_failed: 0, awake_seconds: 0, client_errors: 0, asleep_seconds: null },
    ...{ memory_max: null, memory_last: null },
    ...change,
  };
}

describe("bars", () => {
  it("adds points up and tells sleep from silence", () => {
    const found = bars(
      [
        point({ requests: 2, errors: 1, awake_seconds: 60 }),
        point({ requests: 2, awake_seconds: 60 }),
        point({ asleep_seconds: 200, awake_seconds: 100 }),
        point({ asleep_seconds: 300 }),
        point({ awake_seconds: 300, asleep_seconds: 0 }),
        point({}),
      ],
      3,
    );
    expect(found.map((bar) => [bar.requests, bar.errors, bar.asleep, bar.height])).toEqual([
      [4, 1, false, 1],
      [0, 0, true, 0],
      [0, 0, false, 0],
    ]);
  });

  it("has nothing to say of nothing, and never divides by it", () => {
    expect(bars([], 48)).toEqual([]);
    expect(bars([point({})], 48)[0]?.height).toBe(0);
  });
});

describe("hours", () => {
  it.each([
    [0, "0 min"],
    [0.5, "30 min"],
    [9.2, "9 h 12"],
    [14, "14 h"],
    [0.999, "1 h"],
  ])("%s", (value, text) => expect(hours(value)).toBe(text));
});
