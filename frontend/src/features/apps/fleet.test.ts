import { describe, expect, it } from "vitest";
import type { FleetPage } from "@/lib/api/types";
import { barPath, groupCounts, partsOf, readFilter, readSort, rowAt, statusesOf } from "./fleet";

function page(offset: number, ...names: string[]): FleetPage {
  const items = names.map((name) => ({ app: { name }, requests: 0, errors: 0, p95: null, bars: [] }));
  return {
    items,
    offset,
    total: 500,
    counts: {},
    since: "2026-01-01T00:00:00Z",
    step_seconds: 3600,
    next: null,
  } as never;
}

describe("filters", () => {
  it("count what is on its way up as running", () => {
    const counts = groupCounts({ running: 2, waking: 1, deploying: 1, sleeping: 5, paused: 1, error: 1 });
    expect(counts).toEqual({ all: 11, running: 4, sleeping: 5, error: 1, draft: 0, paused: 1 });
    expect(statusesOf("running")).toBe("running,waking,deploying");
    expect(statusesOf("all")).toBeUndefined();
  });

  it("fall back to what is usual for anything else", () => {
    expect([readFilter("sleeping"), readFilter(["running"]), readFilter(undefined)]).toEqual([
      "sleeping",
      "all",
      "all",
    ]);
    expect([readSort("p95"), readSort("size")]).toEqual(["p95", "last_request"]);
  });
});

describe("parts of a long list", () => {
  it("are those that hold the rows in sight", () => {
    expect(partsOf(0, 20)).toEqual([0]);
    expect(partsOf(95, 112)).toEqual([0, 100]);
    expect(partsOf(9_960, 9_999)).toEqual([9_900]);
  });

  it("give a row once they have come", () => {
    const pages = [page(0, "a", "b"), undefined, page(200, "c")];
    expect(rowAt(pages, 1)?.app.name).toBe("b");
    expect(rowAt(pages, 200)?.app.name).toBe("c");
    expect(rowAt(pages, 2)).toBeUndefined();
    expect(rowAt(pages, 150)).toBeUndefined();
  });
});

describe("bars", () => {
  it("are as tall as their share of the most, and at least seen", () => {
    expect(barPath([0, 10, 1_000], 30, 20)).toBe("M10.0 20v-2h9.0v2zM20.0 20v-20h9.0v20z");
    expect(barPath([0, 0], 20, 20)).toBe("");
  });
});
