/** Ruff's diagnostics as problems at offsets of the text, and the text that a round of fixes gives. Pure. */
import type { Diagnostic } from "@astral-sh/ruff-wasm-web";
import type { RuffEdit, RuffProblem } from "./protocol";
import { isSafe, isWanted } from "./rules";

interface At {
  row: number;
  column: number;
}

/** Offsets of the beginnings of lines, as ruff counts lines. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 10 || (char === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

export function problemsOf(text: string, path: string, diagnostics: readonly Diagnostic[]): RuffProblem[] {
  const starts = lineStarts(text);
  const offset = ({ row, column }: At) => {
    const start = starts[Math.min(row, starts.length) - 1] ?? text.length;
    return Math.min(start + column - 1, text.length);
  };
  return diagnostics
    .filter((each) => isWanted(each.code ?? "", path))
    .map((each) => ({
      from: offset(each.start_location),
      to: offset(each.end_location),
      code: each.code ?? "invalid-syntax",
      message: each.message,
      unnecessary: each.tags.includes("unnecessary"),
      fix: each.fix && {
        title: plain(each.fix.message ?? "Fix"),
        edits: each.fix.edits.map((edit) => ({
          from: offset(edit.location),
          to: offset(edit.end_location),
          insert: edit.content ?? "",
        })),
      },
    }));
}

/** Without the backticks that only a terminal needs. */
export function plain(message: string): string {
  return message.replaceAll("`", "");
}

/** The text after all safe fixes that do not meet, or null when there is nothing to do. Ask again until then. */
export function fixedOnce(text: string, problems: readonly RuffProblem[]): string | null {
  const taken: RuffEdit[] = [];
  for (const { code, fix } of problems) {
    if (!fix || !isSafe(code) || fix.edits.length === 0) continue;
    const free = fix.edits.every((edit) => taken.every((other) => edit.to < other.from || edit.from > other.to));
    if (free) taken.push(...fix.edits);
  }
  return taken.length > 0 ? applied(text, taken) : null;
}

export function applied(text: string, edits: readonly RuffEdit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((now, edit) => now.slice(0, edit.from) + edit.insert + now.slice(edit.to), text);
}
