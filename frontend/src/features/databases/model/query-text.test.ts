import { describe, expect, it } from "vitest";
import { complaint, readQuery, withField } from "./query-text";

const json = (text: string) => {
  const read = readQuery(text);
  return read.mistake ? read.mistake : JSON.parse(read.json);
};

/** The message, and the letters that it points at. */
const mistake = (text: string) => {
  const found = readQuery(text).mistake;
  return found && `${found.message} | ${text.slice(found.from, found.to)}`;
};

describe("a query", () => {
  it("is JSON", () => {
    expect(json('{"a": {"$in": [1, -2.5e3, "x\\u00e9\\n", null, true, {}]}, "b": []}')).toEqual({
      a: { $in: [1, -2500, "xé\n", null, true, {}] },
      b: [],
    });
    expect(json("  ")).toEqual({});
  });

  it("is what the shell of MongoDB takes, too", () => {
    expect(json("{name: 'Ada', age: {$gte: 36,},}")).toEqual({ name: "Ada", age: { $gte: 36 } });
    expect(json('{_id: ObjectId("507f1f77bcf86cd799439011")}')).toEqual({ _id: { $oid: "507f1f77bcf86cd799439011" } });
    expect(json("{at: {$lt: new Date('2026-01-10')}, n: NumberLong(5), d: NumberDecimal('1.10')}")).toEqual({
      at: { $lt: { $date: "2026-01-10T00:00:00.000Z" } },
      n: { $numberLong: "5" },
      d: { $numberDecimal: "1.10" },
    });
    expect(json("{a.b: /^x\\/y/mi}")).toEqual({ "a.b": { $regularExpression: { pattern: "^x\\/y", options: "im" } } });
  });

  it("keeps the digits of numbers", () => {
    expect(readQuery("{n: 12345678901234567890, m: 1.0}")).toMatchObject({
      json: '{"n": 12345678901234567890, "m": 1.0}',
    });
  });
});

describe("a mistake has words and a place", () => {
  it.each([
    ["[1]", 'A query is an object, such as {"city": "Rome"} | ['],
    ['{"a": 1', "The { is never closed | {"],
    ['{"a": [1, 2}', "A comma or a ] is missing here | }"],
    ['{"a": "x}', 'The text is never closed with a quote | "x}'],
    ['{"a" 1}', "A colon is missing after a | 1"],
    ['{"a": }', "A value cannot begin with } | }"],
    ['{"a": 1 "b": 2}', 'A comma or a } is missing here | "'],
    ['{"a": Rome}', "Rome is no value; a text has quotes around it | Rome"],
    ['{"a": 1}}', "Nothing may follow the last } | }"],
    ['{"a": 1, "a": 2}', 'The key a is there twice; the first one would be lost | "a"'],
    ['{_id: ObjectId("12")}', 'ObjectId cannot be made of 12 | ObjectId("12")'],
    ['{"a": "\\q"}', "\\q means nothing; a backslash is written \\\\ | \\q"],
    ["{,}", "A field's name is missing here | ,"],
    ['{"a":', "A value is missing at the end | :"],
  ])("%s", (text, words) => {
    expect(mistake(text)).toBe(words);
  });

  it("also where there is no end of brackets", () => {
    expect(mistake(`{"a": ${"[".repeat(200_000)}`)).toBeDefined();
  });
});

describe("a field is added", () => {
  it.each([
    ["", '{"city": "Rome"}'],
    ["{}", '{"city": "Rome"}'],
    ['{"a": {"b": 1}}', '{"a": {"b": 1}, "city": "Rome"}'],
    ["{a: 1, }", '{a: 1, "city": "Rome"}'],
    ['{"city": {"$ne": "Oslo"}, "a": 1}', '{"city": "Rome", "a": 1}'],
    ["{a: ", '{"city": "Rome"}'],
  ])("to %s", (text, after) => {
    expect(withField(text, "city", '"Rome"')).toBe(after);
  });
});

describe("a complaint of the server", () => {
  const text = '{"a": {"$foo": 1}, "b": [{"$where": "1"}]}';
  const at = (detail: string, name = "filter") => {
    const found = complaint(detail, name, text);
    return found && `${found.message} | ${text.slice(found.from, found.to)}`;
  };

  it("is shown at the key it names, or all of the query", () => {
    expect(at("filter.a.$foo: unknown operator: $foo")).toBe('unknown operator: $foo | "$foo"');
    expect(at("filter.b.0.$where: not allowed here: it runs JavaScript")).toBe(
      'not allowed here: it runs JavaScript | "$where"',
    );
    expect(at("filter.b.7.x: odd")).toBe('odd | "b"');
    expect(at("filter: odd")).toBe(`odd | ${text}`);
  });

  it("belongs to one part alone", () => {
    expect([at("sort.a: odd"), at("the query took longer than 3 s and was stopped")]).toEqual([null, null]);
    expect(at("sort.a: odd", "sort")).toBe('odd | "a"');
  });
});
