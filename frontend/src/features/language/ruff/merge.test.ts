import { Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import type { PlacedFinding } from "@/lib/code/findings";
import { worthTelling } from "./merge";
import { applied, fixedOnce, lineStarts, problemsOf } from "./problems";
import type { RuffProblem } from "./protocol";
import { isWanted, severityOf } from "./rules";

const TEXT = "from notes import wrong\nx = wrong(\ny = other\nz = 1\n";
const doc = Text.of(TEXT.split("\n"));

function problem(code: string, line: number, message = "", fix: RuffProblem["fix"] = null): RuffProblem {
  const { from, to } = doc.line(line);
  return { from, to, code, message, unnecessary: false, fix };
}

function finding(code: string, line: number, message: string): PlacedFinding {
  const { from, to } = doc.line(line);
  const whole = { code, message, file: "app.py", line, column: 1, hint: null, traceback: null };
  return { finding: whole, from, to, end: to };
}

const codes = (findings: PlacedFinding[], problems: RuffProblem[]) =>
  worthTelling(doc, findings, problems).map((each) => each.code);

describe("worthTelling", () => {
  it("leaves a syntax error to the platform, and what follows from it", () => {
    const ruff = [problem("invalid-syntax", 2), problem("invalid-syntax", 4)];
    expect(codes([finding("syntax_error", 3, "invalid syntax")], ruff)).toEqual([]);
    expect(codes([], ruff)).toHaveLength(2);
  });

  it("leaves a name to the platform where both name it on one line, and only there", () => {
    const told = [finding("unknown_name", 1, "notes/__init__.py has no name wrong")];
    expect(codes(told, [problem("F821", 1, "Undefined name `wrong`")])).toEqual([]);
    expect(codes(told, [problem("F821", 3, "Undefined name `wrong`")])).toEqual(["F821"]);
    expect(codes(told, [problem("F401", 1, "`notes.other` imported but unused")])).toEqual(["F401"]);
  });

  it("says no more than the first syntax errors, and nothing of the order of imports", () => {
    expect(codes([], Array(6).fill(problem("invalid-syntax", 2)))).toHaveLength(3);
    expect(codes([], [problem("I001", 1)])).toEqual([]);
  });
});

describe("problemsOf", () => {
  it("turns rows and columns into offsets", () => {
    const at = (row: number, column: number) => ({ row, column });
    const fix = { message: "Remove `x`", edits: [{ content: null, location: at(2, 1), end_location: at(3, 1) }] };
    const diagnostic = { code: "F841", message: "m", tags: [], annotations: [], subDiagnostics: [] };
    const [found] = problemsOf(TEXT, "app.py", [
      { ...diagnostic, start_location: at(2, 1), end_location: at(2, 2), fix },
    ]);
    expect(TEXT.slice(found?.from, found?.to)).toBe("x");
    expect(found?.fix?.title).toBe("Remove x");
    expect(applied(TEXT, found?.fix?.edits ?? [])).toBe("from notes import wrong\ny = other\nz = 1\n");
    expect(lineStarts("a\r\nb\rc\nd")).toEqual([0, 3, 5, 7]);
  });
});

describe("fixedOnce", () => {
  const fix = (from: number, to: number) => ({ title: "", edits: [{ from, to, insert: "-" }] });

  it("makes the safe fixes that do not meet, and leaves the others", () => {
    const problems = [
      problem("F401", 1, "", fix(0, 2)),
      problem("F401", 1, "", fix(1, 3)),
      problem("F841", 1, "", fix(4, 5)),
    ];
    expect(fixedOnce("abcdef", problems)).toBe("-cdef");
    expect(fixedOnce("abcdef", problems.slice(2))).toBeNull();
  });
});

describe("rules", () => {
  it("lets __init__.py import for others", () => {
    expect(isWanted("F401", "notes/__init__.py")).toBe(false);
    expect(isWanted("F401", "app.py")).toBe(true);
    expect(isWanted("F821", "notes/__init__.py")).toBe(true);
  });

  it("calls errors what will fail, a hint what is taste", () => {
    expect(["invalid-syntax", "E999", "F821", "F541", "F401", "B006"].map(severityOf)).toEqual(
      "error error error info warning warning".split(" "),
    );
  });
});
