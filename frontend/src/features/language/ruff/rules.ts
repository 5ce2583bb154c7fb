/**
 * Which of ruff's rules speak while somebody types, how loudly, and which of their fixes are made without asking.
 *
 * - `E9` and `F` find what is broken or dead: syntax, undefined names, unused imports and variables, broken formats.
 * - `B` finds what runs and is wrong: changeable defaults, closures over loop variables, `assert` on a tuple.
 * - `UP` says how Python of today writes it; a quiet hint, never a warning.
 * - `I` sorts imports. It has no squiggle, because it would be drawn under every import of a file; "Fix all" does it.
 *
 * Left out, because they are wrong or a nuisance here: B008 (a call as a default is how FastAPI declares `Depends` and
 * `Query`), B018 (every half-typed line is an expression without use), B904 (`raise ... from` is a matter of taste in a
 * handler), F403 and F405 (`from fasthtml.common import *` is how FastHTML is written), UP015 and UP031 (taste).
 */
import type { Diagnostic } from "@codemirror/lint";

export interface RuffOptions {
  /** Top-level modules of the draft: ruff sees one file alone and would sort them among the packages. */
  firstParty: readonly string[];
}

export const LINE_LENGTH = 100;

export function settings({ firstParty }: RuffOptions) {
  return {
    "target-version": "py311",
    "line-length": LINE_LENGTH,
    "indent-width": 4,
    lint: {
      select: ["E9", "F", "B", "UP", "I"],
      ignore: ["B008", "B018", "B904", "F403", "F405", "UP015", "UP031"],
      isort: { "known-first-party": [...firstParty] },
    },
    format: { "indent-style": "space", "quote-style": "double" },
  };
}

/** Fixes that never change what a program does; the others are offered one by one. */
const SAFE = /^(?:F401|F541|F632|I00[12]|UP00[678]|UP012|UP017|UP035|UP037|UP045)$/;

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
  if (code === "invalid-syntax" || /^(?:E9|F82|F7|F5|F63)/.test(code)) return code === "F541" ? "info" : "error";
  return code.startsWith("UP") ? "info" : "warning";
}
