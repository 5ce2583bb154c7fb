/** Where a name is defined: in this file, in another one of the draft, or a file that a string names. */
import type { Resolver } from "./resolve";
import type { PySymbol } from "./symbols";

const DEPTH = 8;

export interface Place {
  path: string;
  from: number;
  to: number;
}

export interface Reference {
  from: number;
  to: number;
  /** The dotted name up to and with the part that is pointed at. */
  dotted: string;
}

/** The dotted name around `offset` of a line, cut after the part there: in `notes.te|xt.slug` it is `notes.text`. */
export function referenceAt(text: string, offset: number): Reference | null {
  const part = wordAt(text, offset);
  if (!part) return null;
  let start = part.from;
  for (;;) {
    const before = /([A-Za-z_]\w*|\))\s*\.\s*$/.exec(text.slice(Math.max(0, start - 200), start));
    if (!before) break;
    if (before[1] === ")") {
      const open = opening(text, start - before[0].length);
      const callee = /[A-Za-z_][\w.]*$/.exec(text.slice(0, open));
      if (!callee) break;
      start = callee.index;
    } else start -= before[0].length;
  }
  return { from: part.from, to: part.to, dotted: text.slice(start, part.to) };
}

function wordAt(text: string, offset: number): { from: number; to: number } | null {
  const before = /\w*$/.exec(text.slice(Math.max(0, offset - 100), offset))?.[0].length ?? 0;
  const after = /^\w*/.exec(text.slice(offset, offset + 100))?.[0].length ?? 0;
  const word = text.slice(offset - before, offset + after);
  return /^[A-Za-z_]/.test(word) ? { from: offset - before, to: offset + after } : null;
}

/** Where the bracket that closes at `at` opens. */
function opening(text: string, at: number): number {
  let depth = 0;
  for (let here = at; here >= 0; here--) {
    if (")]}".includes(text[here] as string)) depth += 1;
    else if ("([{".includes(text[here] as string)) depth -= 1;
    if (depth === 0) return here;
  }
  return 0;
}

/** The file of the draft that a string's text means: a path, or the name of a template or a static file. */
export function fileNamed(files: readonly string[], name: string): string | undefined {
  const plain = name.replace(/^\/+/, "");
  if (plain.length < 3) return undefined;
  return [plain, `templates/${plain}`, `static/${plain}`].find((path) => files.includes(path));
}

export function definitionOf(resolver: Resolver, path: string, dotted: string, pos: number): Place | null {
  const cut = dotted.lastIndexOf(".");
  if (cut !== -1) return memberPlace(resolver, path, dotted.slice(0, cut), dotted.slice(cut + 1).trim(), pos);
  const symbol = resolver.binding(path, dotted, pos);
  if (symbol) return symbol.kind === "import" ? origin(resolver, path, symbol) : placeOf(path, symbol);
  for (const star of resolver.project.file(path)?.stars ?? []) {
    const found = inFile(resolver, resolver.project.absolute(star, path), dotted);
    if (found) return found;
  }
  return null;
}

/** Where an attribute is set, on the class itself or on one it is made from; or a name of a module. */
function memberPlace(resolver: Resolver, path: string, owner: string, name: string, pos: number): Place | null {
  let meaning = resolver.evaluate(path, owner, pos);
  if (meaning?.what === "module") return inFile(resolver, meaning.module, name);
  for (let depth = 0; meaning?.what === "symbol" && depth < DEPTH; depth++) {
    const found = meaning.symbol.scope?.symbols.find((each) => each.name === name);
    if (found && meaning.symbol.kind === "class") return placeOf(meaning.path, found);
    meaning = resolver.baseOf(meaning);
  }
  return null;
}

/** Imports are followed to the file where the name is made. */
function origin(resolver: Resolver, path: string, symbol: PySymbol, depth = 0): Place | null {
  const module = resolver.project.absolute(symbol.module ?? "", path);
  return symbol.target ? inFile(resolver, module, symbol.target, depth) : moduleFile(resolver, module);
}

function inFile(resolver: Resolver, module: string, name: string, depth = 0): Place | null {
  const home = resolver.project.modules().get(module);
  const found = home ? resolver.project.file(home)?.symbols.find((each) => each.name === name) : undefined;
  if (!found || !home) return moduleFile(resolver, `${module}.${name}`);
  if (found.kind !== "import" || depth > DEPTH) return placeOf(home, found);
  return origin(resolver, home, found, depth + 1);
}

function moduleFile(resolver: Resolver, module: string): Place | null {
  const path = resolver.project.modules().get(module);
  return path ? { path, from: 0, to: 0 } : null;
}

function placeOf(path: string, symbol: PySymbol): Place {
  return { path, from: symbol.from, to: symbol.to };
}
