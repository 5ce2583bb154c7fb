import { describe, expect, it } from "vitest";
import { changes, fault, fromDotenv, merged, rowsOf } from "./variables";

describe("changes", () => {
  it("are the new, the different and the gone", () => {
    const rows = [
      { name: "A", value: "1" },
      { name: " B ", value: "x" },
      { name: "", value: "" },
    ];
    expect(changes({ A: "1", B: "2", C: "3" }, rows)).toEqual({ B: "x", C: null });
    expect(changes({ A: "1" }, rowsOf({ A: "1" }))).toEqual({});
  });

  it("rename as one that went and one that came", () => {
    expect(changes({ OLD: "v" }, [{ name: "NEW", value: "v" }])).toEqual({ NEW: "v", OLD: null });
  });
});

describe("fault", () => {
  it("names what is wrong with a row", () => {
    expect(fault({ name: "1A", value: "" }, [])).toMatch("digit first");
    expect(fault({ name: "FP_X", value: "" }, [])).toMatch("platform's own");
    expect(fault({ name: "A", value: "" }, ["A"])).toMatch("already");
    expect(fault({ name: "", value: "x" }, [])).toMatch("missing");
    expect(fault({ name: "A", value: "ü".repeat(2049) }, [])).toMatch("4 KB");
    expect(fault({ name: "A", value: "ü".repeat(2048) }, [])).toBeUndefined();
    expect(fault({ name: "", value: "" }, [""])).toBeUndefined();
  });
});

describe("a pasted .env", () => {
  it("becomes rows, without its comments and quotes", () => {
    const text = '# ours\nexport A=1\nB = "two words\\n\\"x\\""  \nC=\'#no comment\'\n\nD=e # a comment\nE=\n';
    expect(fromDotenv(text)).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: 'two words\n"x"' },
      { name: "C", value: "#no comment" },
      { name: "D", value: "e" },
      { name: "E", value: "" },
    ]);
  });

  it("is no .env when a line is not one", () => {
    expect(fromDotenv("hello there")).toBeNull();
    expect(fromDotenv("A=1\nhello")).toBeNull();
    expect(fromDotenv("# only a comment")).toBeNull();
  });

  it("takes the place of rows with the same name", () => {
    expect(
      merged(
        [
          { name: "A", value: "1" },
          { name: "", value: "" },
        ],
        [{ name: "A", value: "2" }],
      ),
    ).toEqual([{ name: "A", value: "2" }]);
  });
});
