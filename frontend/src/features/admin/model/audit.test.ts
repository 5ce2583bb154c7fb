import { describe, expect, it } from "vitest";
import { fromField, operationName, operationWords, outcomeOf, readWanted, toField } from "./audit";

describe("readWanted", () => {
  it("takes what an address says and leaves out what means nothing", () => {
    const since = "2026-01-31T12:00:00.000Z";
    expect(readWanted({ user: "ada", app: "", outcome: "refused", since })).toEqual({
      user: "ada",
      outcome: "refused",
      since,
    });
    expect(readWanted({ outcome: "splendid", until: "never" })).toEqual({});
  });
});

describe("words", () => {
  it("says an operation and finds it again", () => {
    expect(operationWords("change_platform_settings")).toBe("Change platform settings");
    expect(operationName(" Change platform  settings")).toBe("change_platform_settings");
  });

  it("tells an outcome from a status", () => {
    expect([200, 404, 503, null].map(outcomeOf)).toEqual(["ok", "refused", "failed", "failed"]);
  });

  it("shows a moment in a field and reads it back", () => {
    const iso = "2026-01-31T12:34:00.000Z";
    expect(fromField(toField(iso))).toBe(iso);
    expect(toField(undefined)).toBe("");
    expect(fromField("")).toBeUndefined();
  });
});
