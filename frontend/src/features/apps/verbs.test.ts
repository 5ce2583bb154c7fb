import { describe, expect, it } from "vitest";
import { keyVerb, powersOf } from "./verbs";

const running = { status: "running", version: 1 } as const;
const paused = { status: "paused", version: 1 } as const;
const sleeping = { status: "sleeping", version: 3 } as const;
const draft = { status: "draft", version: null } as const;

describe("what can be done with an app", () => {
  it("is what makes sense for its status", () => {
    expect(powersOf(running)).toEqual(["sleep", "restart", "pause"]);
    expect(powersOf(paused)).toEqual(["resume"]);
    expect(powersOf(sleeping)).toEqual(["wake", "pause"]);
    expect(powersOf(draft)).toEqual([]);
  });

  it("has keys, which do nothing where there is nothing to do", () => {
    expect(["w", "s", "p", "e", "o", "Delete"].map((key) => keyVerb(key, running))).toEqual([
      undefined,
      "sleep",
      "pause",
      "edit",
      "visit",
      "delete",
    ]);
    expect([keyVerb("p", paused), keyVerb("W", sleeping), keyVerb("s", sleeping)]).toEqual([
      "resume",
      "wake",
      undefined,
    ]);
    expect([keyVerb("o", draft), keyVerb("p", draft), keyVerb("x", running)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
