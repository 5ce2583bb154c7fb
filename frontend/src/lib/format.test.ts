import { describe, expect, it } from "vitest";
import { ago, duration, host, kilobytes, ms, sentence, utc } from "./format";
import { safeNext } from "./search";

const now = Date.parse("2026-01-10T12:00:00Z");

describe("times", () => {
  it.each([
    ["2026-01-10T11:59:58Z", "now"],
    ["2026-01-10T11:59:48Z", "12 s ago"],
    ["2026-01-10T11:51:00Z", "9 min ago"],
    ["2026-01-10T09:00:00Z", "3 h ago"],
    ["2026-01-09T10:00:00Z", "yesterday"],
    ["2026-01-05T12:00:00Z", "5 days ago"],
    ["2026-01-10T12:00:05Z", "now"],
  ])("%s is %s", (time, words) => {
    expect(ago(time, now)).toBe(words);
  });

  it("are exact in a title", () => {
    expect(utc("2026-01-10T12:00:00.250Z")).toBe("2026-01-10 12:00:00.250 UTC");
  });
});

describe("figures", () => {
  it("keep one decimal while it matters", () => {
    expect([ms(3.14), ms(41), ms(1204.4)]).toEqual(["3.1", "41.0", "1,204"]);
    expect([duration(28.1), duration(1962.4), duration(12_440)]).toEqual(["28 ms", "1,962 ms", "12.4 s"]);
    expect([kilobytes(0), kilobytes(10), kilobytes(18_432)]).toEqual([0, 1, 18]);
  });
});

describe("texts", () => {
  it("are shown without what nobody reads", () => {
    expect(host("http://a.localhost:8080/")).toBe("a.localhost:8080");
    expect([sentence("No app"), sentence("No app.")]).toEqual(["No app.", "No app."]);
  });
});

describe("safeNext", () => {
  it("stays on this site", () => {
    expect(safeNext("/apps/x?tab=logs")).toBe("/apps/x?tab=logs");
    for (const bad of ["//evil.example", "https://evil.example", "/\\evil.example", "apps", "", 3])
      expect(safeNext(bad)).toBeUndefined();
  });
});
