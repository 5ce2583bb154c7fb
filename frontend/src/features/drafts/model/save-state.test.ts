import { describe, expect, it } from "vitest";
import { backoff, SAVED, type SaveEvent, type SaveState, saveState } from "./save-state";

function run(...events: (SaveEvent["type"] | SaveEvent)[]): SaveState {
  return events
    .map((event) => (typeof event === "string" ? ({ type: event, message: "down" } as SaveEvent) : event))
    .reduce(saveState, SAVED);
}

describe("saveState", () => {
  it("goes from an edit to saved", () => {
    expect(run("edited").phase).toBe("dirty");
    expect(run("edited", "sending").phase).toBe("saving");
    expect(run("edited", "sending", "accepted")).toEqual(SAVED);
  });

  it("is dirty again when it was edited while the server had it", () => {
    expect(run("edited", "sending", "edited", "accepted").phase).toBe("dirty");
    expect(run("edited", "sending", "edited", "accepted", "sending", "accepted")).toEqual(SAVED);
  });

  it("keeps the reason and counts attempts until one is accepted", () => {
    const failed = run("edited", "sending", "refused", "sending", "refused");
    expect(failed).toMatchObject({ phase: "failed", message: "down", attempts: 2 });
    expect(saveState(saveState(failed, { type: "sending" }), { type: "accepted" })).toEqual(SAVED);
  });

  it("does not lose an edit made while an attempt was failing", () => {
    expect(run("edited", "sending", "edited", "refused").phase).toBe("failed");
    expect(run("edited", "sending", "refused", "edited").phase).toBe("dirty");
  });

  it("stays in conflict whatever is typed, until it is settled", () => {
    expect(run("edited", "sending", "collided", "edited", "sending", "accepted").phase).toBe("conflict");
    expect(run("edited", "sending", "collided", "settled").phase).toBe("dirty");
  });

  it("ignores an answer that nobody waits for", () => {
    expect(run("accepted")).toEqual(SAVED);
    expect(run("edited", "refused").phase).toBe("dirty");
    expect(run("sending")).toEqual(SAVED);
  });
});

describe("backoff", () => {
  it("doubles from a second to half a minute", () => {
    expect([1, 2, 3, 5, 6, 50].map(backoff)).toEqual([1_000, 2_000, 4_000, 16_000, 30_000, 30_000]);
  });
});
