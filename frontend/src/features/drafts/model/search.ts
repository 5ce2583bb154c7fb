/**
 * Finding a text in all files, line by line, and putting another in its place. Half a megabyte of code is searched for a plain
 * text in some milliseconds. An expression can take for ever on one line, and nothing in here stops it: run those in a worker.
 */
import type { Files } from "./merge";

export interface Query {
  text: string;
  matchCase: boolean;
  word: boolean;
  regex: boolean;
}

export interface Match {
  path: string;
  /** From 1. */
  line: number;
  /** Where it begins and ends in its line, from 0. */
  from: number;
  to: number;
  text: string;
}

export interface Found {
  matches: Match[];
  files: number;
  /** Why there is nothing, or not everything; null when this is all. */
  problem: string | null;
}

export const MOST_MATCHES = 2_000;
export const NOTHING: Found = { matches: [], files: 0, problem: null };

/** The expression that a query means. Throws a SyntaxError with words for a person. */
export function pattern({ text, matchCase, word, regex }: Query): RegExp {
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const bounded = word ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
  return new RegExp(bounded, matchCase ? "gu" : "giu");
}

export function search(files: Files, query: Query): Found {
  if (query.text === "") return NOTHING;
  let expression: RegExp;
  try {
    expression = pattern(query);
  } catch (error) {
    return { ...NOTHING, problem: `This is no expression: ${reasonOf(error)}` };
  }
  const matches: Match[] = [];
  for (const path of Object.keys(files).sort()) {
    const lines = (files[path] ?? "").split("\n");
    for (const [index, text] of lines.entries()) {
      for (const hit of text.matchAll(expression)) {
        if (hit[0] === "") continue;
        if (matches.length === MOST_MATCHES)
          return found(matches, `These are the first ${MOST_MATCHES.toLocaleString("en-US")}.`);
        matches.push({ path, line: index + 1, from: hit.index, to: hit.index + hit[0].length, text });
      }
    }
  }
  return found(matches, null);
}

function found(matches: Match[], problem: string | null): Found {
  return { matches, files: new Set(matches.map((match) => match.path)).size, problem };
}

/** The texts of the files that change when every match becomes `by`; in an expression `$1` and `$&` mean what they do. */
export function replaceAll(files: Files, query: Query, by: string): Record<string, string> {
  const expression = pattern(query);
  const changed: Record<string, string> = {};
  for (const [path, text] of Object.entries(files)) {
    const next = text
      .split("\n")
      .map((line) => replaceLine(line, expression, query.regex, by))
      .join("\n");
    if (next !== text) changed[path] = next;
  }
  return changed;
}

function replaceLine(line: string, expression: RegExp, regex: boolean, by: string): string {
  if (regex) return line.replace(expression, by);
  return line.replace(expression, () => by);
}

/** A line cut to what matters around the match, so that a long one still shows it. */
export function excerpt(match: Match, around = 40): { before: string; hit: string; after: string } {
  const start = match.text.length - match.text.trimStart().length;
  const from = match.from - start > around ? match.from - around : Math.min(start, match.from);
  return {
    before: `${from > start ? "…" : ""}${match.text.slice(from, match.from)}`,
    hit: match.text.slice(match.from, match.to),
    after: match.text.slice(match.to, match.to + 200),
  };
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/^Invalid regular expression: (\/.*\/[a-z]*: )?/, "").toLowerCase();
}
