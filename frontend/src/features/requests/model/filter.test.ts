import { describe, expect, it } from "vitest";
import type { RequestRecord } from "@/lib/api/types";
import { parseFilter } from "./filter";

function record(change: Partial<RequestRecord>): RequestRecord {
  return {
    ...{
      id: "r",
      time: "2026-01-01T00:00:00Z",
      method: "GET",
      path: "/",
      query: "",
      status: 200,
      ms: 1,
      cold_start_ms: null,
    },
    ...{ bytes_in: 0, bytes_out: 0, version: 1, kind: "http", client: "", htmx: false, error: null },
    ...change,
  };
}

const records = [
  record({ id: "a", path: "/notes", status: 201, method: "POST", ms: 41, cold_start_ms: 28 }),
  record({ id: "b", path: "/notes/missing", status: 404 }),
  record({ id: "c", path: "/boom", status: 500, query: "q=Ada", ms: 180 }),
];

const ids = (words: string, only = {}) => records.filter(parseFilter(words, only).matches).map((one) => one.id);

describe("parseFilter", () => {
  it.each([
    ["", ["a", "b", "c"]],
    ["status:>=400", ["b", "c"]],
    ["status:404", ["b"]],
    ["status:5xx", ["c"]],
    ["path:/notes*", ["a", "b"]],
    ["path:/notes", ["a"]],
    ["method:post", ["a"]],
    ["ms:>40 ms:<100", ["a"]],
    ["ada", ["c"]],
    ["status:>=400 path:/notes*", ["b"]],
  ])("%s", (words, expected) => {
    expect(ids(words)).toEqual(expected);
  });

  it("adds the switches to the words", () => {
    expect(ids("", { cold: true })).toEqual(["a"]);
    expect(ids("notes", { errors: true })).toEqual(["b"]);
  });

  it("tells the terms that it does not understand, and does not filter by them", () => {
    const filter = parseFilter("status:often size:3 path:");
    expect(filter.unknown).toEqual(["status:often", "size:3", "path:"]);
    expect(records.every(filter.matches)).toBe(true);
  });

  it("reads a path as text, not as a pattern of its own", () => {
    expect(ids("path:/.oom")).toEqual([]);
  });
});
