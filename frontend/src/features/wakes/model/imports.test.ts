import { describe, expect, it } from "vitest";
import { dearImports, hintOf, sentenceOf, startOf } from "./imports";

const wake = (modules: Record<string, number>, outcome: "ready" | "failed" = "ready") => ({
  outcome,
  modules: Object.entries(modules).map(([name, ms]) => ({ name, ms })),
});

describe("dearImports", () => {
  it("takes the median over the wakes, the dearest in all first", () => {
    const found = dearImports([
      wake({ pymongo: 10, app: 3 }),
      wake({ pymongo: 12, app: 3 }),
      wake({ pymongo: 90, numpy: 40, app: 3 }),
      wake({ pymongo: 500 }, "failed"),
    ]);
    expect(found.map((dear) => [dear.name, dear.ms, dear.wakes])).toEqual(
      [
        ["numpy", 40, 1],
        ["pymongo", 12, 3],
        ["app", 3, 3],
      ].sort((a, b) => Number(b[1]) * Number(b[2]) - Number(a[1]) * Number(a[2])),
    );
  });

  it("leaves out what nobody notices, and knows nothing of no wakes", () => {
    expect(dearImports([wake({ json: 0.4 })])).toEqual([]);
    expect(dearImports([])).toEqual([]);
  });
});

describe("words", () => {
  const dear = { name: "pymongo", ms: 10.2, wakes: 10, of: 10 };

  it("says what is added, and how often", () => {
    expect(sentenceOf(dear)).toBe("pymongo adds 10 ms to every wake");
    expect(sentenceOf({ ...dear, ms: 2.34, wakes: 6 })).toBe("pymongo adds 2.3 ms to most wakes");
    expect(sentenceOf({ ...dear, wakes: 2 })).toBe("pymongo adds 10 ms to 2 of 10 wakes");
  });

  it("tells what to do about a package and about a file of one's own", () => {
    expect(hintOf({ ...dear, name: "pymongo.asynchronous" }, ["app.py"])).toContain("Move `import pymongo` into");
    expect(hintOf({ ...dear, name: "shop.prices" }, ["app.py", "shop/prices.py"])).toContain("is your own");
    expect(hintOf({ ...dear, name: "app" }, ["app.py"])).toContain("is your own");
  });

  it("says what a process was made from", () => {
    expect(startOf({ start: "imported" })).toBe("kept imported");
    expect(startOf({ start: "snapshot" })).toBe("snapshot");
    expect(startOf({ start: null })).toBe("");
  });
});
