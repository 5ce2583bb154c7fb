import { describe, expect, it } from "vitest";
import { cause, dearest, spared, waterfall } from "./waterfall";

const phase = (name: string, ms: number) => ({ name, ms });

describe("waterfall", () => {
  it("puts each phase where the one before it ended", () => {
    const bars = waterfall({ phases: [phase("gate", 0), phase("spawn", 25), phase("imports", 75)] });
    expect(bars.map((bar) => [bar.words, bar.left])).toEqual([
      ["Waited for a sleep to end", 0],
      ["Process started", 0],
      ["Your code imported", 25],
    ]);
    expect(bars.at(-1)?.width).toBe(75);
  });

  it("keeps what is too short to see visible and inside", () => {
    const bars = waterfall({ phases: [phase("imports", 10_000), phase("first_byte", 0.01)] });
    expect(bars.at(-1)?.width).toBe(0.5);
    expect((bars.at(-1)?.left ?? 0) + 0.5).toBeLessThanOrEqual(100);
  });

  it("shows a phase of a later version by its own name, and nothing of a wake without any", () => {
    expect(waterfall({ phases: [phase("snapshot", 1)] })[0]?.words).toBe("snapshot");
    expect(waterfall({ phases: [] })).toEqual([]);
  });
});

describe("words", () => {
  it("names the dearest import where it matters", () => {
    expect(dearest({ modules: [phase("pymongo", 10.2), phase("httpx", 3)] })).toBe("pymongo took 10 ms of it");
    expect(dearest({ modules: [phase("json", 0.4)] })).toBeUndefined();
    expect(dearest({ modules: [] })).toBeUndefined();
  });

  it("says what the wake was spared", () => {
    expect(spared({ start: "imported" })).toBe("The app was kept imported");
    expect(spared({ start: "packages" })).toBe("The app's packages were kept imported");
    expect(spared({ start: "pool" })).toBe("A runner of the pool was waiting");
    expect(spared({ start: "zygote" })).toBeUndefined();
    expect(spared({ start: null })).toBeUndefined();
  });

  it("says what woke the app", () => {
    expect(cause({ cause: "request", method: "POST", path: "/notes" })).toBe("POST /notes");
    expect(cause({ cause: "api", method: null, path: null })).toBe("Woken by hand");
    expect(cause({ cause: "socket", method: null, path: null })).toBe("A connection that waited");
  });
});
