import { describe, expect, it } from "vitest";
import { readExplorerSearch } from "../search";
import { withQuery } from "./past";
import { bytes, lifetime } from "./sizes";
import { keepPage, pageCursor } from "./trail";

describe("sizes", () => {
  it("are short", () => {
    expect([0, 812, 1000, 1_260_000, 340_000, 5e12].map(bytes)).toEqual([
      "0 B",
      "812 B",
      "1.0 KB",
      "1.2 MB",
      "332 KB",
      "4.5 TB",
    ]);
    expect([3600, 86_400, 604_800, 90, 61].map(lifetime)).toEqual(["1 h", "1 day", "7 days", "90 s", "61 s"]);
  });
});

describe("the way back", () => {
  it("is known for pages that were seen, each query its own", () => {
    keepPage("a", 2, "two");
    expect([pageCursor("a", 1), pageCursor("a", 2), pageCursor("a", 3), pageCursor("b", 2)]).toEqual([
      null,
      "two",
      undefined,
      undefined,
    ]);
    for (let number = 0; number < 60; number++) keepPage(`q${number}`, 2, "x");
    expect([pageCursor("a", 2), pageCursor("q59", 2)]).toEqual([undefined, "x"]);
  });
});

describe("past queries", () => {
  const query = (filter: string) => ({ filter, projection: "", sort: "" });

  it("are there once, the newest first, and not too many", () => {
    expect(withQuery([query("b"), query("a")], query("a"))).toEqual([query("a"), query("b")]);
    expect(withQuery([query("a")], query(""))).toEqual([query("a")]);
    const many = Array.from({ length: 20 }, (_, index) => query(String(index)));
    expect(withQuery(many, query("x"))).toHaveLength(12);
  });
});

describe("the address", () => {
  it("is read back into the text that was typed, and what makes no sense is left out", () => {
    expect(
      readExplorerSearch({ filter: { a: 1 }, collection: 7, size: 20, view: "table", page: 2, after: "c" }),
    ).toEqual({
      filter: '{"a":1}',
      collection: "7",
      size: 20,
      view: "table",
      page: 2,
      after: "c",
    });
    expect(readExplorerSearch({ size: 3, view: "pie", page: 2, filter: "", sort: null })).toEqual({});
  });
});
