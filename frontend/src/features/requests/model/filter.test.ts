import { describe, expect, it } from "vitest";
import { hasTerm, KEYS, parseFilter, toggleTerm } from "./filter";
import { accept, suggest } from "./suggest";
import { terms } from "./terms";

describe("terms", () => {
  it("knows each term's place, its key and its value", () => {
    expect(terms(' status:>=400  trace:"a b" x')).toEqual([
      { from: 1, to: 13, text: "status:>=400", key: "status", value: ">=400" },
      { from: 15, to: 26, text: 'trace:"a b"', key: "trace", value: "a b" },
      { from: 27, to: 28, text: "x", key: null, value: "x" },
    ]);
  });

  it("ends whatever is typed, quotes that are not closed and a lone colon included", () => {
    expect(terms('trace:"no end').map((term) => term.value)).toEqual(["no end"]);
    expect(terms(": path: 12:30").map((term) => [term.key, term.value])).toEqual([
      [null, ":"],
      ["path", ""],
      [null, "12:30"],
    ]);
    expect(terms('" "" "').length).toBeGreaterThan(0);
  });
});

describe("parseFilter", () => {
  it.each([
    ["", {}],
    ["status:>=400", { status: ">=400" }],
    ["STATUS:5XX method:post", { status: "5XX", method: "post" }],
    ["path:/notes* ms:>100 cold:true", { path: "/notes*", ms: ">100", cold: "true" }],
    ["ms:100..500 status:400..429", { ms: "100..500", status: "400..429" }],
    ["trace:\"KeyError: 'stars'\"", { trace: "KeyError: 'stars'" }],
    ["id:i-1-r2 version:v7 htmx:true", { request_id: "i-1-r2", version: "7", htmx: "true" }],
    ["note page=2", { q: "note page=2" }],
  ])("%s", (words, query) => {
    expect(parseFilter(words)).toEqual({ query, problems: [] });
  });

  it("says what is wrong and where, and filters by the rest", () => {
    const { query, problems } = parseFilter("status:often method:GET size:3");
    expect(query).toEqual({ method: "GET" });
    expect(problems.map(({ from, to }) => [from, to])).toEqual([
      [0, 12],
      [24, 30],
    ]);
    expect(problems[0]?.message).toBe("status: must be like 404, 5xx, >=400 or 400..429, not often");
    expect(problems[1]?.message).toContain("size: is no word to filter by; use status,");
  });

  it.each([
    ["status:200 status:404", "status: is there twice; only the first one counts"],
    ["ms:9..1", "ms: 9..1 has nothing in it; the smaller number comes first"],
    ["path:", "path: must begin with / or *, with three * at most"],
    ["path:/*/a*/b*/c*", "path: must begin with / or *, with three * at most, not /*/a*/b*/c*"],
    ["cold:false", "cold: can only be true, not false"],
    [`id:${"x".repeat(300)}`, "id: is longer than 200 characters"],
  ])("%s is told", (words, message) => {
    expect(parseFilter(words).problems.map((one) => one.message)).toEqual([message]);
  });

  it("lets through every value that it suggests", () => {
    const all = Object.entries(KEYS).flatMap(([name, key]) => key.values.map((value) => `${name}:${value}`));
    expect(all.flatMap((words) => parseFilter(words).problems)).toEqual([]);
  });
});

describe("switches", () => {
  it("put a term in and take it out again, and leave the rest", () => {
    expect(toggleTerm("path:/a", "cold:true")).toBe("path:/a cold:true");
    expect(toggleTerm("cold:true path:/a", "cold:true")).toBe("path:/a");
    expect(hasTerm("path:/a cold:true", "cold:true")).toBe(true);
    expect(hasTerm("path:/cold:true", "cold:true")).toBe(false);
  });
});

describe("suggest", () => {
  const texts = (words: string, caret = words.length) => suggest(words, caret).options.map((one) => one.text);

  it("has keys by their beginning, then values", () => {
    expect(texts("st")).toEqual(["status:"]);
    expect(texts("method:p")).toEqual(["method:POST", "method:PUT", "method:PATCH"]);
    expect(texts("")).toHaveLength(Object.keys(KEYS).length);
    expect(texts("/notes")).toEqual([]);
    expect(texts("cold:true")).toEqual([]);
    expect(texts("bogus:x")).toEqual([]);
  });

  it("looks at the word that the caret is in", () => {
    expect(texts("me status:404", 2)).toEqual(["method:"]);
  });

  it("puts a chosen one in that word's place", () => {
    const place = suggest("path:/a st", 10);
    expect(accept("path:/a st", place, { text: "status:", about: "" })).toEqual({
      words: "path:/a status:",
      caret: 15,
    });
    const middle = suggest("status: x", 7);
    expect(accept("status: x", middle, { text: "status:5xx", about: "" })).toEqual({
      words: "status:5xx x",
      caret: 11,
    });
  });
});
