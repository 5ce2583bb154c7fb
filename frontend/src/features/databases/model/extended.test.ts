import { describe, expect, it } from "vitest";
import type { Json } from "@/components/json-tree";
import { cell, columnsOf, exact, fieldOf, readable } from "./extended";

const words = (value: Json) => {
  const found = readable(value);
  return found && `${found.text}${found.type && ` (${found.type})`}`;
};

describe("a value is readable", () => {
  it.each<[Json, string | null]>([
    [{ $oid: "507f1f77bcf86cd799439011" }, "507f1f77bcf86cd799439011 (ObjectId)"],
    [{ $date: { $numberLong: "1768046400000" } }, "2026-01-10T12:00:00Z (Date)"],
    [{ $date: { $numberLong: "999999999999999" } }, "999999999999999 ms since 1970 (Date)"],
    [{ $numberInt: "5" }, "5"],
    [{ $numberLong: "9007199254740993" }, "9007199254740993 (Long)"],
    [{ $numberDouble: "1.0" }, "1.0"],
    [{ $numberDouble: "NaN" }, "NaN"],
    [{ $numberDecimal: "1.10" }, "1.10 (Decimal)"],
    [{ $binary: { base64: "AAECAw==", subType: "00" } }, "AAECAw== (Binary 00, 4 bytes)"],
    [{ $binary: { base64: "EjRWeBI0VngSNFZ4EjRWeA==", subType: "04" } }, "12345678-1234-5678-1234-567812345678 (UUID)"],
    [{ $regularExpression: { pattern: "^a", options: "i" } }, "/^a/i (Pattern)"],
    [{ $timestamp: { t: 1768046400, i: 2 } }, "2026-01-10T12:00:00Z, 2 (Timestamp)"],
    [{ $minKey: 1 }, "MinKey"],
    [null, "null"],
    ["x", "x"],
    [{ $oid: 3 }, null],
    [{ $numberInt: "5", more: 1 }, null],
    [{ a: 1 }, null],
    [[1], null],
  ])("%j", (value, text) => {
    expect(words(value)).toBe(text);
  });
});

describe("what is copied", () => {
  it("is exact and as short as it can be", () => {
    const document: Json = {
      _id: { $oid: "507f1f77bcf86cd799439011" },
      n: { $numberInt: "5" },
      whole: { $numberDouble: "5.0" },
      huge: { $numberDouble: "1e+300" },
      odd: { $numberDouble: "Infinity" },
      long: { $numberLong: "5" },
      at: { $date: { $numberLong: "1768046400123" } },
      old: { $date: { $numberLong: "-1" } },
      list: [{ $numberInt: "1" }, {}],
    };
    expect(exact(document)).toBe(
      '{"_id": {"$oid": "507f1f77bcf86cd799439011"}, "n": 5, "whole": 5.0, "huge": 1e+300, ' +
        '"odd": {"$numberDouble": "Infinity"}, "long": {"$numberLong": "5"}, "at": {"$date":"2026-01-10T12:00:00.123Z"}, ' +
        '"old": {"$date": {"$numberLong": "-1"}}, "list": [1, {}]}',
    );
    expect(exact({ a: [{ $numberInt: "1" }], b: { $oid: "x" } }, 2)).toBe(
      '{\n  "a": [\n    1\n  ],\n  "b": {"$oid": "x"}\n}',
    );
  });
});

describe("a table", () => {
  it("has the id first, then what most documents have, and says what it leaves out", () => {
    expect(columnsOf([{ a: 1 }, { b: 1, _id: 1 }, { b: 2, _id: 2, c: 1 }], 3)).toEqual({
      columns: ["_id", "b", "a"],
      left: 1,
    });
    expect(columnsOf([{}, 3 as Json], 3)).toEqual({ columns: [], left: 0 });
  });

  it("cuts what is long and counts what is nested", () => {
    expect(cell("x".repeat(1000))?.text).toHaveLength(201);
    expect([cell([1, 2])?.text, cell({ a: 1 })?.text, cell(undefined)]).toEqual(["[ 2 ]", "{ 1 }", null]);
  });
});

describe("a place in a document", () => {
  it("is a field of a filter where one can name it", () => {
    expect([fieldOf(["a"]), fieldOf(["tags", 0]), fieldOf(["a", 3, "b"])]).toEqual(["a", "tags", "a.b"]);
    expect([fieldOf(["a.b"]), fieldOf(["$x"]), fieldOf([]), fieldOf(["a", ""])]).toEqual([null, null, null, null]);
  });
});
