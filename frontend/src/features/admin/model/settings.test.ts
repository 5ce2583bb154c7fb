import { describe, expect, it } from "vitest";
import type { components } from "@/lib/api/schema.gen";
import { changedFields, fieldOf, merged, patchOf, problemsOf, typedOf } from "./settings";

const SEEN: components["schemas"]["PlatformSettings"] = {
  signup_open: true,
  allowed_imports: null,
  blocked_patterns_off: ["shell", "fork"],
  max_memory_mb: null,
  max_cpus: null,
  default_idle_minutes: 15,
  versions_kept: 10,
  requests_days: 7,
  logs_days: 3,
  wakes_days: 30,
  events_days: 30,
  audit_days: 365,
  revision: 4,
};

describe("patchOf", () => {
  it("sends nothing where nothing changed, in whatever order", () => {
    expect(patchOf(SEEN, typedOf(SEEN))).toEqual({});
    expect(patchOf(SEEN, { ...typedOf(SEEN), blocked_patterns_off: ["fork", "shell"] })).toEqual({});
  });

  it("sends what was changed, as numbers, and null for what was emptied", () => {
    const typed = { ...typedOf({ ...SEEN, max_memory_mb: 512 }), logs_days: " 5", max_memory_mb: "", max_cpus: "0.5" };
    expect(patchOf({ ...SEEN, max_memory_mb: 512 }, typed)).toEqual({
      logs_days: 5,
      max_memory_mb: null,
      max_cpus: 0.5,
    });
    expect(changedFields(SEEN, { ...typedOf(SEEN), signup_open: false })).toEqual(["signup_open"]);
  });
});

describe("problemsOf", () => {
  it("wants numbers, whole ones but for CPUs, and lets limits be empty", () => {
    const typed = { ...typedOf(SEEN), logs_days: "3.5", wakes_days: "", max_cpus: "1.5", versions_kept: "many" };
    expect(Object.keys(problemsOf(typed))).toEqual(["versions_kept", "logs_days", "wakes_days"]);
  });
});

describe("merged", () => {
  const fresh = { ...SEEN, logs_days: 9, wakes_days: 60, signup_open: false, revision: 5 };

  it("takes over what others changed but keeps what was typed", () => {
    const { typed, theirs } = merged(SEEN, fresh, { ...typedOf(SEEN), logs_days: "5", audit_days: "90" });
    expect([typed.logs_days, typed.wakes_days, typed.signup_open, typed.audit_days]).toEqual(["5", "60", false, "90"]);
    expect(theirs.map(({ label, now, clashes }) => [label, now, clashes])).toEqual([
      ["Sign up", "closed", false],
      ["Log lines, days", "9", true],
      ["Wakes, days", "60", false],
    ]);
  });

  it("does not call it a clash when both meant the same", () => {
    const { theirs } = merged(SEEN, { ...SEEN, logs_days: 9 }, { ...typedOf(SEEN), logs_days: "9" });
    expect(theirs.map((one) => one.clashes)).toEqual([false]);
  });

  it("says lists and defaults in words", () => {
    const said = (more: object) => merged(SEEN, { ...SEEN, ...more }, typedOf(SEEN)).theirs.map((one) => one.now);
    expect(said({ allowed_imports: ["fastapi", "httpx"] })).toEqual(["fastapi, httpx"]);
    expect(said({ blocked_patterns_off: [] })).toEqual(["none"]);
  });
});

describe("fieldOf", () => {
  it("reads which field a refusal is about", () => {
    expect(fieldOf("logs_days: 1 to 30")).toBe("logs_days");
    expect(fieldOf("Somebody else changed it")).toBeUndefined();
  });
});
