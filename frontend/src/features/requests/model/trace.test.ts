import { describe, expect, it } from "vitest";
import { draftLine, failureOf, placeOf } from "./trace";

const TRACE = 'Traceback (most recent call last):\n  File "app.py", line 8, in index\n    return {}["stars"]\n';
const frame = { file: "app.py", line: 3, function: "index", code: 'return {}["stars"]', around: [] };

describe("failureOf", () => {
  it("takes the exception and its words apart", () => {
    expect(failureOf(`${TRACE}KeyError: 'stars'`)).toEqual({ exception: "KeyError", words: "'stars'" });
    expect(failureOf(`${TRACE}shop.errors.OutOfStock: none: left\n`)).toEqual({
      exception: "shop.errors.OutOfStock",
      words: "none: left",
    });
    expect(failureOf(`${TRACE}ValueError`)).toEqual({ exception: "ValueError", words: "" });
  });

  it("keeps words of more than one line together", () => {
    expect(failureOf(`${TRACE}ValueError: first\nsecond line\n  third`).words).toBe("first\nsecond line\n  third");
  });

  it("shows what is no traceback as it is", () => {
    expect(failureOf("(the rest was cut)")).toEqual({ exception: "(the rest was cut)", words: "" });
    expect(failureOf("")).toEqual({ exception: "", words: "" });
  });
});

describe("draftLine", () => {
  it("finds the line at its place or where it went", () => {
    expect(draftLine({ "app.py": 'a\nb\n  return {}["stars"]\n' }, frame)).toBe(3);
    expect(draftLine({ "app.py": '  return {}["stars"]\n\n\n\n  return {}["stars"]' }, frame)).toBe(1);
  });

  it("finds nothing where the draft has changed", () => {
    expect(draftLine({ "app.py": "return {}" }, frame)).toBe(null);
    expect(draftLine({}, frame)).toBe(null);
    expect(draftLine({ "app.py": "\n\n\n" }, { ...frame, code: "" })).toBe(null);
  });
});

it("says where", () => {
  expect(placeOf(frame)).toBe("app.py, line 3, in index");
  expect(placeOf({ ...frame, function: null })).toBe("app.py, line 3");
});
