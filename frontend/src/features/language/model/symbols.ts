/**
 * What a Python file names, as a tree of scopes: the module, and in it each function and class with what it names itself.
 * Every name carries where it stands, so that one can go there. Pure; a file that does not parse still gives what it has.
 */
import { closing, type LogicalLine, logicalLines, splitTop, topEquals } from "./lines";

export type SymbolKind = "function" | "class" | "variable" | "parameter" | "import";

export interface PySymbol {
  name: string;
  kind: SymbolKind;
  from: number;
  to: number;
  /** `(text: str, limit: int = 40) -> str`, a class's `(BaseModel)`, a variable's annotation; empty when there is none. */
  signature: string;
  doc: string;
  /** A dotted name that says what it is: what a call to it gives, a variable's annotation, the first base of a class. */
  type: string;
  /** Of a variable without an annotation: the expression that it is first set to, when it is a short one. */
  value: string;
  /** Of a function: parameters that can be given by name. */
  params: readonly string[];
  /** Of a function or class: what it names inside. */
  scope?: Scope;
  /** Of an import: the module as written (`.text` for a relative one) and the name in it, null for the module itself. */
  module?: string;
  target?: string | null;
}

export interface Scope {
  kind: "module" | "function" | "class";
  from: number;
  to: number;
  symbols: PySymbol[];
}

export interface FileSymbols extends Scope {
  /** Modules whose names are all taken over. */
  stars: string[];
  /** Top-level imports, for adding one: where each statement is. */
  imports: { module: string; from: number; to: number; text: string }[];
  /** Past the module's docstring. */
  start: number;
}

interface Open {
  scope: Scope;
  indent: number;
  owner?: PySymbol;
  /** Nothing was read inside yet: a string there would be its docstring. */
  fresh: boolean;
}

const DEF = /^(async\s+)?def\s+(\w+)\s*/;
const CLASS = /^class\s+(\w+)\s*/;
const TARGETS = /^(\w+(?:\s*,\s*\w+)*)\s*,?\s*(?::\s*([\s\S]+))?$/;
const ANNOTATED = /^(\w+)\s*:\s*([^=]+)$/;
const SELF = /^self\.(\w+)\s*(?::\s*([^=]+?))?\s*=(?!=)\s*([\s\S]*)$/;
const BOUND = /^(?:async\s+)?(?:for\s+([\w\s,()]+?)\s+in\b|with\b[\s\S]*?\bas\s+(\w+)|except\b[\s\S]*?\bas\s+(\w+))/;
const KEYWORD = /^(?:if|elif|else|while|return|raise|assert|del|pass|lambda|not|await|yield|match|case|try|finally)\b/;

export function symbolsOf(text: string, lines: readonly LogicalLine[] = logicalLines(text)): FileSymbols {
  const file: FileSymbols = { kind: "module", from: 0, to: text.length, symbols: [], stars: [], imports: [], start: 0 };
  const open: Open[] = [{ scope: file, indent: -1, fresh: true }];
  for (const line of lines) {
    while (open.length > 1 && line.indent <= (open.at(-1) as Open).indent) leave(open, line.from);
    const here = open.at(-1) as Open;
    const doc = here.fresh ? docstring(line.text) : "";
    here.fresh = false;
    if (doc && here.owner) here.owner.doc = doc;
    else if (doc) file.start = line.to;
    else statement(line, open, file);
  }
  while (open.length > 1) leave(open, text.length);
  return file;
}

function leave(open: Open[], at: number): void {
  const left = open.pop() as Open;
  left.scope.to = at;
}

function statement(line: LogicalLine, open: Open[], file: FileSymbols): void {
  const { text } = line;
  const { scope } = open.at(-1) as Open;
  const def = DEF.exec(text);
  const cls = def ? null : CLASS.exec(text);
  const self = SELF.exec(text);
  const bound = BOUND.exec(text);
  if (def) opened(functionOf(line, def), line, open);
  else if (cls) opened(classOf(line, cls), line, open);
  else if (/^(?:import|from)\b/.test(text)) imported(line, scope, file);
  else if (self) attribute(line, self, open);
  else if (bound) names(line, bound[1] ?? bound[2] ?? bound[3] ?? "", scope, "", "");
  else if (!KEYWORD.test(text)) assignment(line, scope);
}

function assignment(line: LogicalLine, scope: Scope): void {
  const { text } = line;
  const equals = topEquals(text);
  const assigned = equals === -1 ? null : TARGETS.exec(text.slice(0, equals).trimEnd());
  const annotated = assigned || scope.kind === "function" ? null : ANNOTATED.exec(text);
  if (assigned) names(line, assigned[1] ?? "", scope, assigned[2]?.trim() ?? "", text.slice(equals + 1));
  else if (annotated) names(line, annotated[1] ?? "", scope, (annotated[2] ?? "").trim(), "");
}

function opened(symbol: PySymbol, line: LogicalLine, open: Open[]): void {
  const parent = (open.at(-1) as Open).scope;
  add(parent, symbol);
  if (symbol.scope) open.push({ scope: symbol.scope, indent: line.indent, owner: symbol, fresh: true });
}

/** The last definition of a name wins, except that a variable keeps the place where it was first set. */
function add(scope: Scope, symbol: PySymbol): void {
  const places = placesOf(scope);
  const known = places.get(symbol.name);
  if (known === undefined) places.set(symbol.name, scope.symbols.push(symbol) - 1);
  else if (symbol.kind === "function" || symbol.kind === "class") scope.symbols[known] = symbol;
}

/** Where each name of a scope is in its list, for as long as the scope is being read. */
const places = new WeakMap<Scope, Map<string, number>>();

function placesOf(scope: Scope): Map<string, number> {
  const known = places.get(scope) ?? new Map<string, number>();
  places.set(scope, known);
  return known;
}

function functionOf(line: LogicalLine, match: RegExpExecArray): PySymbol {
  const { text, from } = line;
  const name = match[2] as string;
  const start = from + match[0].lastIndexOf(name);
  const paren = text.indexOf("(", match[0].length - 1);
  const end = paren === -1 ? text.length : closing(text, paren);
  const inside = paren === -1 ? "" : text.slice(paren + 1, end);
  const returns = /^\s*->\s*([^:]+)/.exec(text.slice(end + 1))?.[1]?.trim() ?? "";
  const scope: Scope = { kind: "function", from, to: line.to, symbols: [] };
  for (const part of splitTop(inside)) parameter(part, from + paren + 1, scope);
  const shown = `(${inside.replace(/\s+/g, " ").replace(/,? $/, "").trim()})`;
  return {
    ...{ name, kind: "function", from: start, to: start + name.length, doc: "", type: typeOf(returns), value: "" },
    signature: returns ? `${shown} -> ${returns}` : shown,
    params: scope.symbols.filter((each) => !["self", "cls"].includes(each.name)).map((each) => each.name),
    scope,
  };
}

function parameter(part: { text: string; at: number }, offset: number, scope: Scope): void {
  const equals = topEquals(part.text);
  const head = equals === -1 ? part.text : part.text.slice(0, equals).trimEnd();
  const match = /^(\*{0,2})(\w+)\s*(?::\s*([\s\S]*))?$/.exec(head);
  if (!match) return;
  const from = offset + part.at + (match[1] ?? "").length;
  const name = match[2] as string;
  const signature = match[3]?.trim() ?? "";
  const doc = "";
  const common = { name, from, to: from + name.length, signature, doc, type: typeOf(signature), value: "", params: [] };
  add(scope, { ...common, kind: "parameter" });
}

function classOf(line: LogicalLine, match: RegExpExecArray): PySymbol {
  const name = match[1] as string;
  const from = line.from + match[0].lastIndexOf(name);
  const paren = line.text[match[0].length] === "(" ? match[0].length : -1;
  const bases = paren === -1 ? "" : line.text.slice(paren + 1, closing(line.text, paren)).replace(/\s+/g, " ");
  const scope: Scope = { kind: "class", from: line.from, to: line.to, symbols: [] };
  const signature = bases ? `(${bases})` : "";
  const type = /^[\w.]+/.exec(bases)?.[0] ?? "";
  return { name, kind: "class", from, to: from + name.length, signature, doc: "", type, value: "", params: [], scope };
}

function attribute(line: LogicalLine, match: RegExpExecArray, open: Open[]): void {
  const owner = open.findLast((each) => each.scope.kind === "class");
  if (!owner) return;
  const name = match[1] as string;
  const from = line.from + "self.".length;
  const signature = match[2]?.trim() ?? "";
  const common = { name, kind: "variable" as const, from, to: from + name.length, signature, doc: "", params: [] };
  add(owner.scope, { ...common, type: typeOf(signature), value: setTo(match[3] ?? "") });
}

function names(line: LogicalLine, list: string, scope: Scope, signature: string, value: string): void {
  const base = line.text.indexOf(list);
  const found = [...list.matchAll(/[A-Za-z_]\w*/g)];
  for (const each of found) {
    const from = line.from + base + each.index;
    const common = { name: each[0], from, to: from + each[0].length, signature, doc: "", params: [] };
    const only = found.length === 1;
    add(scope, { ...common, kind: "variable", type: only ? typeOf(signature) : "", value: only ? setTo(value) : "" });
  }
}

function imported(line: LogicalLine, scope: Scope, file: FileSymbols): void {
  const { text, from } = line;
  const one = (name: string, at: number, module: string, target: string | null) =>
    add(scope, {
      ...{ name, kind: "import", from: from + at, to: from + at + name.length, module, target },
      ...{ signature: "", doc: "", type: "", value: "", params: [] },
    });
  const fromImport = /^from\s+(\.*[\w.]*)\s+import\b\s*\(?/.exec(text);
  const module = fromImport?.[1] ?? "";
  if (scope === file) file.imports.push({ module, from, to: line.to, text });
  const head = fromImport?.[0].length ?? (/^import\b\s*/.exec(text)?.[0].length || text.length);
  for (const part of splitTop(text.slice(head).replace(/\)\s*$/, ""))) {
    if (part.text === "*") file.stars.push(module);
    const match = /^([\w.]+)(?:\s+as\s+(\w+))?/.exec(part.text);
    if (!match) continue;
    const written = match[1] as string;
    const at = head + part.at + (match[2] ? match[0].lastIndexOf(match[2]) : 0);
    if (fromImport) one(match[2] ?? written, at, module, written);
    // `import a.b` binds `a`; `import a.b as c` binds the inner one.
    else
      one(
        match[2] ?? (written.split(".")[0] as string),
        at,
        match[2] ? written : (written.split(".")[0] as string),
        null,
      );
  }
}

/** The class in an annotation, as far as its text says: `Note | None`, `Optional[Note]`, `Annotated[str, Form()]`. */
export function typeOf(annotation: string): string {
  const plain = annotation.replace(/^["']|["']$/g, "");
  const inner = /^(?:Annotated|Optional)\[\s*([\w.]+)/.exec(plain);
  return inner?.[1] ?? /^[A-Za-z_][\w.]*/.exec(plain)?.[0] ?? "";
}

function setTo(text: string): string {
  const value = text.trim().replace(/^await\s+/, "");
  return value.length < 300 && /^[A-Za-z_]/.test(value) ? value : "";
}

function docstring(text: string): string {
  const match = /^[rRuU]?("""|'''|"|')([\s\S]*?)\1$/.exec(text);
  if (!match) return "";
  const lines = (match[2] as string).split("\n").map((line) => line.trim());
  return lines.join("\n").trim().slice(0, 1_500);
}
