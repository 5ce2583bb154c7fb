/**
 * Python's logical lines: what stands between line breaks that end a statement. Strings, comments, brackets and backslashes
 * are stepped over, so that a statement is one piece of text however it is broken. Half-typed code is the normal case here:
 * a bracket that is never closed ends at the next line that can only be the start of a statement.
 *
 * A scanner of our own and not the editor's grammar, because all files of a draft are read for one completion: this takes
 * a fiftieth of a full parse.
 */
export interface LogicalLine {
  /** Columns before the first character. */
  indent: number;
  /** Offsets in the file; `to` is before a comment. */
  from: number;
  to: number;
  /** What stands there, with spaces in place of comments. */
  text: string;
}

/** These begin a statement wherever they stand first in a line, also inside a bracket that somebody forgot to close. */
const FRESH = /^(?:@|(?:async\s+def|def|class|import|return|raise|while|with)\b|from\s+[\w.]+\s+import\b)/;

export function logicalLines(text: string): LogicalLine[] {
  return scanned(text, 0, []);
}

export interface Read {
  text: string;
  lines: readonly LogicalLine[];
}

/** How far ahead of a line's end may be looked at to tell that it ends; more than `firstWords` takes. */
const AHEAD = 250;

/** The lines of a text that was just read in another version: only what lies around the difference is read again. */
export function logicalLinesAfter(before: Read, text: string): LogicalLine[] {
  const same = commonStart(before.text, text);
  const grown = text.length - before.text.length;
  const tail = commonEnd(before.text, text, same);
  const kept = before.lines.slice(0, firstEnding(before.lines, same - AHEAD));
  return scanned(text, kept.at(-1)?.to ?? 0, kept, (start) => {
    // The indent counts too: the whole line up to there must be the old one.
    const whole = text.lastIndexOf("\n", start - 1) >= text.length - tail;
    const at = whole ? firstEnding(before.lines, start - grown + 1) : before.lines.length;
    if (before.lines[at]?.from !== start - grown) return null;
    const rest = before.lines.slice(at);
    return grown === 0 ? rest : rest.map((line) => ({ ...line, from: line.from + grown, to: line.to + grown }));
  });
}

function scanned(
  text: string,
  from: number,
  lines: LogicalLine[],
  known: (start: number) => readonly LogicalLine[] | null = () => null,
): LogicalLine[] {
  let at = from;
  while (at < text.length) {
    const start = skipBlank(text, at);
    if (start >= text.length) break;
    const rest = known(start);
    if (rest) return lines.concat(rest);
    const end = endOfStatement(text, start);
    const indent = start - (text.lastIndexOf("\n", start - 1) + 1);
    const to = end.code;
    if (to > start) lines.push({ indent, from: start, to, text: blanked(text, start, to, end.comments) });
    at = Math.max(end.next, start + 1);
  }
  return lines;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let at = 0;
  while (at < most && a.charCodeAt(a.length - 1 - at) === b.charCodeAt(b.length - 1 - at)) at += 1;
  return at;
}

/** The number of lines that end before `pos`. */
function firstEnding(lines: readonly LogicalLine[], pos: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as LogicalLine).to < pos) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text with spaces where its comments are, so that offsets stay what they are. */
function blanked(text: string, from: number, to: number, comments: readonly [number, number][]): string {
  let out = "";
  let at = from;
  for (const [start, end] of comments) {
    if (start >= to) break;
    out += text.slice(at, start) + " ".repeat(end - start);
    at = end;
  }
  return out + text.slice(at, to);
}

/** The next character that is code: past white space, empty lines, semicolons and comments. */
function skipBlank(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 35) at = lineEnd(text, at) - 1;
    else if (char !== 32 && char !== 10 && char !== 9 && char !== 13 && char !== 59) break;
  }
  return at;
}

function lineEnd(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found === -1 ? text.length : found;
}

interface End {
  code: number;
  next: number;
  comments: [number, number][];
}

/** A run of what neither opens, closes nor ends anything. */
const PLAIN = /[^"'#\\\n;()[\]{}]+/y;

function endOfStatement(text: string, from: number): End {
  const comments: [number, number][] = [];
  let depth = 0;
  let code = from;
  for (let at = from; at < text.length; ) {
    PLAIN.lastIndex = at;
    const run = PLAIN.exec(text)?.[0];
    if (run !== undefined) {
      at += run.length;
      if (run.trim() !== "") code = at - (run.length - run.trimEnd().length);
      continue;
    }
    const char = text[at] as string;
    if (char === '"' || char === "'") {
      at = endOfString(text, at);
      code = at;
    } else if (char === "#") {
      const end = lineEnd(text, at);
      comments.push([at, end]);
      at = end;
    } else if (char === "\\") {
      at += text[at + 1] === "\n" ? 2 : 1;
    } else if (char === "\n") {
      if (depth === 0 || FRESH.test(firstWords(text, at + 1))) return { code, next: at + 1, comments };
      at += 1;
    } else if (char === ";") {
      if (depth === 0) return { code, next: at + 1, comments };
      at += 1;
    } else {
      depth = Math.max(0, depth + ("([{".includes(char) ? 1 : -1));
      at += 1;
      code = at;
    }
  }
  return { code, next: text.length, comments };
}

function firstWords(text: string, from: number): string {
  return text.slice(from, Math.min(lineEnd(text, from), from + 200)).trimStart();
}

/** Past the string that opens at `from`; one that is never closed ends with its line, a triple one with the file. */
export function endOfString(text: string, from: number): number {
  const quote = text[from] as string;
  const triple = text.startsWith(quote.repeat(3), from);
  const close = triple ? quote.repeat(3) : quote;
  for (let at = from + close.length; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === "\n" && !triple) return at;
    else if (char === quote && (!triple || text.startsWith(close, at))) return at + close.length;
  }
  return text.length;
}

/** Splits at commas that are in no bracket and no string; what is around each part is left out of it. */
export function splitTop(text: string): { text: string; at: number }[] {
  const parts: { text: string; at: number }[] = [];
  let depth = 0;
  let start = 0;
  const push = (end: number) => {
    const raw = text.slice(start, end);
    const trimmed = raw.trim();
    if (trimmed) parts.push({ text: trimmed, at: start + raw.indexOf(trimmed) });
    start = end + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"' || char === "'") at = endOfString(text, at) - 1;
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "," && depth === 0) push(at);
  }
  push(text.length);
  return parts;
}

/** Where the bracket that opens at `from` closes; the end of the text when it does not. */
export function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"' || char === "'") at = endOfString(text, at) - 1;
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

/** Where the first `=` that assigns stands, in no bracket and no string; -1 when there is none. */
export function topEquals(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"' || char === "'") at = endOfString(text, at) - 1;
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "=" && depth === 0) {
      if (text[at + 1] === "=") at += 1;
      else if (!"!<>+-*/%&|^:@".includes(text[at - 1] ?? "")) return at;
    }
  }
  return -1;
}
