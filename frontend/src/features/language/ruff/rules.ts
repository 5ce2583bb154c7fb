/**
 * Which of ruff's rules speak while somebody types, how loudly, and which of their fixes are made without asking.
 *
 * A squiggle here says that the code is broken, dead, or does something else than it looks like; many who write here are
 * learning, and what is said about code that is right teaches them to look away.
 *
 * - `E9` and `F` find what is broken or dead: syntax, undefined names, unused imports and variables, broken formats.
 * - Of bugbear (`B`) those that find what runs and is wrong: changeable defaults, closures over loop variables, `++n`, a
 *   `return` in `finally`, an `except` that catches nothing. Its rules of style are not among them: unused loop variables,
 *   `zip` without `strict`, `getattr` with a constant, `raise` without `from`, test and class habits. Nor are B008 (a call as a
 *   default is how FastAPI declares `Depends` and `Query`) and B018 (every half-typed line is an expression without use).
 * - `I` sorts imports. It has no squiggle, because it would be drawn under every import of a file; "Fix all" does it.
 *
 * Left out as well: `UP`, which calls `timezone.utc` and `Optional` old though both are right and in every tutorial; F403 and
 * F405, because `from fasthtml.common import *` is how FastHTML is written.
 */
import type { Diagnostic } from "@codemirror/lint";

export interface RuffOptions {
  /** Top-level modules of the draft: ruff sees one file alone and would sort them among the packages. */
  firstParty: readonly string[];
}

export const LINE_LENGTH = 100;

/** Changeable values as defaults, in loops' closures or shared. */
const SHARED = ["B006", "B023", "B039"];
/** `++n`, `os.environ = …`, `hasattr(x, "__call__")`, `strip("http://")`, `x == 1` as a line, `raise "…"`, `name: 1`. */
const MEANT_OTHERWISE = ["B002", "B003", "B004", "B005", "B015", "B016", "B032", "B034"];
/** Exceptions that are swallowed, caught twice or never. */
const EXCEPTIONS = ["B012", "B022", "B025", "B029", "B030"];
/** Loops over what they overwrite or have used up; keys and values that are there twice. */
const LOOPS = ["B020", "B031", "B033", "B035"];

export function settings({ firstParty }: RuffOptions) {
  return {
    "target-version": "py311",
    "line-length": LINE_LENGTH,
    "indent-width": 4,
    lint: {
      select: ["E9", "F", ...SHARED, ...MEANT_OTHERWISE, ...EXCEPTIONS, ...LOOPS, "I"],
      ignore: ["F403", "F405"],
      isort: { "known-first-party": [...firstParty] },
    },
    format: { "indent-style": "space", "quote-style": "double" },
  };
}

/** Fixes that never change what a program does; the others are offered one by one. */
const SAFE = /^(?:F401|F541|F632|I00[12])$/;

export function isSafe(code: string): boolean {
  return SAFE.test(code);
}

/** What has no squiggle of its own. */
export function isQuiet(code: string): boolean {
  return code.startsWith("I");
}

/** In `__init__.py` an import that nothing uses is what other files import. */
export function isWanted(code: string, path: string): boolean {
  return code !== "F401" || !/(?:^|\/)__init__\.py$/.test(path);
}

export function severityOf(code: string): Diagnostic["severity"] {
  if (code === "F541") return "info";
  return code === "invalid-syntax" || /^(?:E9|F82|F7|F5|F63)/.test(code) ? "error" : "warning";
}
