import { describe, expect, it } from "vitest";
import { type AppVersion, ordered, sidesFor } from "./sides";

const version = (number: number, live = false): AppVersion => ({
  ...{ number, live, by: "ada", created_at: "2026-11-03T14:00:00Z", framework: "fastapi" },
  ...{ entrypoint: "app.py", deploy: `d${number}`, rollback_of: null },
});

describe("sidesFor", () => {
  it("has the version before first, then the others, the draft last", () => {
    const labels = sidesFor([version(4, true), version(3), version(2), version(1)], 3).map((one) => one.label);
    expect(labels).toEqual(["v2", "v1", "v4, live", "the draft"]);
  });

  it("has the draft alone for the only version", () => {
    expect(sidesFor([version(1, true)], 1)).toEqual([{ value: "draft", label: "the draft" }]);
  });
});

describe("ordered", () => {
  it("puts the older one first", () => {
    expect(ordered(3, "2")).toEqual(["2", "3"]);
    expect(ordered(3, "10")).toEqual(["3", "10"]);
    expect(ordered(3, "draft")).toEqual(["3", "draft"]);
  });
});
