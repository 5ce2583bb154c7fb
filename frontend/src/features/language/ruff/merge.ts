/** One list of what is wrong in a file out of two: the platform's findings and ruff's problems, nothing told twice. Pure. */
import type { Text } from "@codemirror/state";
import type { PlacedFinding } from "@/lib/code/findings";
import type { RuffProblem } from "./protocol";
import { isQuiet } from "./rules";

/** Ruff goes on after a syntax error and stumbles over it again; the first ones say it all. */
const MOST_SYNTAX = 3;
const SYNTAX = /^(?:invalid-syntax|E9)/;

/** Ruff's problems that are worth a squiggle, beside these findings. The platform's words win: they come with a hint. */
export function worthTelling(
  doc: Text,
  findings: readonly PlacedFinding[],
  problems: readonly RuffProblem[],
): RuffProblem[] {
  let syntax = 0;
  return problems.filter((problem) => {
    if (isQuiet(problem.code)) return false;
    if (SYNTAX.test(problem.code) && ++syntax > MOST_SYNTAX) return false;
    return !findings.some((finding) => isSame(doc, finding, problem));
  });
}

function isSame(doc: Text, placed: PlacedFinding, problem: RuffProblem): boolean {
  const line = (at: number) => doc.lineAt(Math.min(at, doc.length)).number;
  const below = line(problem.from) - line(placed.from);
  // What ruff stumbles over behind the first error comes of it; and the end of one line is the beginning of the next.
  if (SYNTAX.test(problem.code)) return below >= -1 && placed.finding.code === "syntax_error";
  if (below !== 0) return false;
  const name = /`([^`]+)`/.exec(problem.message)?.[1];
  return name !== undefined && names(placed.finding.message, name.split(".").at(-1) as string);
}

function names(message: string, name: string): boolean {
  return new RegExp(`(?:^|\\W)${name.replace(/\W/g, "\\$&")}(?:\\W|$)`).test(message);
}
