import { describe, expect, it } from "vitest";
import { excerpt, MOST_MATCHES, type Query, replaceAll, search } from "./search";

const FILES = {
  "app.py": "def greet(name):\n    return name\n\nGreet = greet\n",
  "static/site.css": ".greet { color: red }\n",
};
const plain = (text: string, more: Partial<Query> = {}): Query => ({
  text,
  matchCase: false,
  word: false,
  regex: false,
  ...more,
});
const places = (query: Query) => search(FILES, query).matches.map(({ path, line, from }) => `${path}:${line}:${from}`);

describe("search", () => {
  it("finds by file and line, whatever the case", () => {
    expect(places(plain("GREET"))).toEqual(["app.py:1:4", "app.py:4:0", "app.py:4:8", "static/site.css:1:1"]);
    expect(search(FILES, plain("greet")).files).toBe(2);
  });

  it("minds case, whole words and expressions when asked", () => {
    expect(places(plain("Greet", { matchCase: true }))).toEqual(["app.py:4:0"]);
    expect(places(plain("nam", { word: true }))).toEqual([]);
    expect(places(plain("name", { word: true }))).toEqual(["app.py:1:10", "app.py:2:11"]);
    expect(places(plain("^def|red", { regex: true }))).toEqual(["app.py:1:0", "static/site.css:1:16"]);
    expect(places(plain("a.b"))).toEqual([]);
  });

  it("says what is wrong with an expression, and skips matches of nothing", () => {
    expect(search(FILES, plain("(", { regex: true })).problem).toContain("no expression");
    expect(search(FILES, plain("x*", { regex: true })).matches).toEqual([]);
    expect(search(FILES, plain("")).problem).toBeNull();
  });

  it("stops at many matches", () => {
    const many = { "a.txt": "x".repeat(MOST_MATCHES + 5) };
    expect(search(many, plain("x"))).toMatchObject({ problem: expect.stringContaining("2,000") });
  });

  it("takes some milliseconds for half a megabyte", () => {
    const line = "    value = compute(first, second)  # a line like many\n";
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}.py`, line.repeat(180)]));
    const began = performance.now();
    expect(search(files, plain("COMPUTE(first")).matches).toHaveLength(MOST_MATCHES);
    expect(search(files, plain("no such word"))).toMatchObject({ matches: [], problem: null });
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("replaceAll", () => {
  it("changes what was found and answers only those files", () => {
    expect(replaceAll(FILES, plain("greet", { matchCase: true }), "hail")).toEqual({
      "app.py": "def hail(name):\n    return name\n\nGreet = hail\n",
      "static/site.css": ".hail { color: red }\n",
    });
  });

  it("means a plain text plainly, and groups in an expression", () => {
    expect(replaceAll({ a: "1.5" }, plain("1.5"), "$&$1")).toEqual({ a: "$&$1" });
    expect(replaceAll({ a: "x=1" }, plain("(\\w)=(\\d)", { regex: true }), "$2=$1")).toEqual({ a: "1=x" });
    expect(replaceAll({ a: "b" }, plain("c"), "d")).toEqual({});
  });
});

describe("excerpt", () => {
  it("begins without the indent and cuts what is far before", () => {
    expect(excerpt({ path: "a", line: 1, from: 4, to: 7, text: "    def x" })).toEqual({
      before: "",
      hit: "def",
      after: " x",
    });
    const far = excerpt({ path: "a", line: 1, from: 100, to: 103, text: `${"y".repeat(100)}hit` });
    expect(far.before).toBe(`…${"y".repeat(40)}`);
  });
});
