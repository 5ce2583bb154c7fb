/** What is being typed, told from the text before the cursor: after an import, a dot, in a call, or a bare name. Pure. */
import { logicalLines } from "../model/lines";

export type Where =
  | { kind: "module"; written: string; from: number }
  | { kind: "imported"; module: string; from: number }
  | { kind: "member"; owner: string; from: number }
  | { kind: "variable"; from: number }
  | { kind: "path"; from: number }
  | { kind: "name"; from: number; callee: string }
  | { kind: "none" };

/** As much of the text before as can matter. */
const REACH = 4_000;

const ENV = /\b(?:environ(?:\.get\(|\.pop\(|\.setdefault\(|\[)|getenv\()\s*["']([^"'\n]*)$/;
const TEMPLATE =
  /\b(?:TemplateResponse\((?:[^"'\n]*,)?|get_template\(|FileResponse\(|open\()\s*(?:name\s*=\s*)?["']([^"'\n]*)$/;

export function whereAt(text: string, pos: number): Where {
  const before = text.slice(Math.max(0, pos - REACH), pos);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const env = ENV.exec(line);
  if (env) return { kind: "variable", from: pos - (env[1] as string).length };
  const template = TEMPLATE.exec(line);
  if (template) return { kind: "path", from: pos - (template[1] as string).length };
  return imports(before, line, pos) ?? member(before, pos) ?? name(before, pos);
}

function imports(before: string, line: string, pos: number): Where | null {
  const from = /^\s*from\s+([.\w]*)$/.exec(line);
  if (from) return { kind: "module", written: from[1] as string, from: pos - (from[1] as string).length };
  const plain = /^\s*import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*([\w.]*)$/.exec(line);
  if (plain) return { kind: "module", written: plain[1] as string, from: pos - (plain[1] as string).length };
  const statement = /(?:^|\n)[ \t]*from\s+([.\w]+)\s+import\s*(\([^)]*|[^(\n]*)$/.exec(before);
  const word = statement && /(?:^|[\s,(])(\w*)$/.exec(statement[2] as string);
  if (!statement || !word || /\bas\s+\w*$/.test(statement[2] as string)) return null;
  return { kind: "imported", module: statement[1] as string, from: pos - (word[1] as string).length };
}

function member(before: string, pos: number): Where | null {
  const match = /\.(\w*)$/.exec(before);
  if (!match) return null;
  const owner = chainBefore(before, match.index);
  // `1.` and `..` are no members of anything.
  return owner ? { kind: "member", owner, from: pos - (match[1] as string).length } : { kind: "none" };
}

/** The expression of names, calls and subscripts that ends at `end`. */
function chainBefore(text: string, end: number): string {
  let at = end;
  for (;;) {
    const bracket = /[)\]]\s*$/.exec(text.slice(Math.max(0, at - 2), at));
    if (bracket) {
      const open = openingOf(text, at - bracket[0].length);
      if (open === -1) return "";
      at = open;
      continue;
    }
    const word = /[A-Za-z_]\w*$/.exec(text.slice(Math.max(0, at - 120), at));
    if (!word) return "";
    at -= word[0].length;
    if (text[at - 1] !== ".") return text.slice(at, end);
    at -= 1;
  }
}

function openingOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at >= 0; at--) {
    if (")]}".includes(text[at] as string)) depth += 1;
    else if ("([{".includes(text[at] as string) && --depth === 0) return at;
  }
  return -1;
}

function name(before: string, pos: number): Where {
  const word = /(?:^|[^\w.])([A-Za-z_]\w*)?$/.exec(before)?.[1] ?? "";
  if (/\w$/.test(before) && word === "") return { kind: "none" };
  // A name that is only being made up.
  if (/\b(?:def|class|as)\s+\w*$/.test(before)) return { kind: "none" };
  return { kind: "name", from: pos - word.length, callee: calleeAt(before) };
}

/** What is called where the cursor stands among the arguments; empty elsewhere, and behind `name=`. */
function calleeAt(before: string): string {
  const statement = logicalLines(before).at(-1)?.text ?? "";
  const text = before.endsWith("\n") && !statement ? "" : statement;
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const char = text[at] as string;
    if (")]}".includes(char)) depth += 1;
    else if ("([{".includes(char) && --depth < 0)
      return char === "(" && /[(,]\s*\w*$/.test(text) && !/^\s*(?:async\s+)?(?:def|class)\b/.test(text)
        ? chainBefore(text, at)
        : "";
  }
  return "";
}
