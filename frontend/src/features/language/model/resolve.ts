/**
 * What an expression means, as far as names can tell: `slugify` is a function of notes/text.py, `app` an instance of
 * FastAPI, `db.notes` a collection. Nothing is run and no type is inferred beyond one assignment; what is not certain
 * means nothing here, and then nothing is offered.
 */
import type { Known } from "../library/known";
import { LIBRARY, typeNamed } from "../library/library";
import { BUILTINS } from "../library/python";
import { closing } from "./lines";
import type { Project } from "./project";
import type { FileSymbols, PySymbol, Scope } from "./symbols";

export type Meaning =
  | { what: "module"; module: string; path: string }
  | { what: "symbol"; symbol: PySymbol; path: string; instance: boolean }
  | { what: "known"; known: Known; module: string; instance: boolean };

/** Imports and assignments that lead to each other in a circle end here. */
const DEPTH = 12;

/** The scopes around an offset, the innermost first. A class is seen from its own lines only, not from its methods. */
export function scopesAt(file: FileSymbols, pos: number): Scope[] {
  const scopes: Scope[] = [file];
  for (let here: Scope = file; ; ) {
    const inner = here.symbols.find((symbol) => symbol.scope && symbol.to < pos && pos <= symbol.scope.to)?.scope;
    if (!inner) break;
    if (here.kind === "class" && inner.kind === "function") scopes.splice(0, 1);
    scopes.unshift(inner);
    here = inner;
  }
  return scopes;
}

/** The class around an offset, for `self`. */
export function classAt(file: FileSymbols, pos: number): PySymbol | undefined {
  let found: PySymbol | undefined;
  for (let symbols = file.symbols; ; ) {
    const inner = symbols.find((symbol) => symbol.scope && symbol.to < pos && pos <= symbol.scope.to);
    if (!inner?.scope) return found;
    if (inner.kind === "class") found = inner;
    symbols = inner.scope.symbols;
  }
}

export class Resolver {
  constructor(readonly project: Project) {}

  /** What a bare name means at an offset of a file, before imports and assignments are followed. */
  binding(path: string, name: string, pos: number): PySymbol | undefined {
    const file = this.project.file(path);
    if (!file) return undefined;
    for (const scope of scopesAt(file, pos)) {
      const found = scope.symbols.find((symbol) => symbol.name === name);
      if (found) return found;
    }
    return undefined;
  }

  /** What a dotted expression means: names, attributes, calls and subscripts of them. */
  evaluate(path: string, expression: string, pos: number, depth = 0): Meaning | null {
    if (depth > DEPTH) return null;
    const head = /^\s*([A-Za-z_]\w*)/.exec(expression);
    if (!head) return null;
    let meaning = this.name(path, head[1] as string, pos, depth);
    let at = head[0].length;
    while (meaning && at < expression.length) {
      const rest = expression.slice(at);
      const attribute = /^\s*\.\s*([A-Za-z_]\w*)/.exec(rest);
      const bracket = /^\s*[([]/.exec(rest);
      if (attribute) {
        meaning = this.member(meaning, attribute[1] as string, depth);
        at += attribute[0].length;
      } else if (bracket) {
        meaning = rest.trimStart().startsWith("(") ? this.called(meaning, depth) : item(meaning);
        at = closing(expression, at + bracket[0].length - 1) + 1;
      } else if (rest.trim() === "") break;
      else return null;
    }
    return meaning;
  }

  private name(path: string, name: string, pos: number, depth: number): Meaning | null {
    const file = this.project.file(path);
    if (!file) return null;
    if (name === "self") {
      const symbol = classAt(file, pos);
      if (symbol) return { what: "symbol", symbol, path, instance: true };
    }
    const symbol = this.binding(path, name, pos);
    if (symbol) return this.of(symbol, path, depth);
    for (const star of file.stars) {
      const found = this.inModule(this.project.absolute(star, path), name, depth + 1);
      if (found) return found;
    }
    const known = BUILTINS.find((each) => each.name === name);
    return known ? { what: "known", known, module: "builtins", instance: false } : null;
  }

  /** What a symbol stands for once imports and one assignment are followed. */
  of(symbol: PySymbol, path: string, depth = 0): Meaning | null {
    if (depth > DEPTH) return null;
    if (symbol.kind === "import") {
      const module = this.project.absolute(symbol.module ?? "", path);
      return symbol.target ? this.inModule(module, symbol.target, depth + 1) : this.module(module);
    }
    if (symbol.kind === "function" || symbol.kind === "class") return { what: "symbol", symbol, path, instance: false };
    const type = symbol.type && this.evaluate(path, symbol.type, symbol.from, depth + 1);
    if (type && isClass(type)) return instanceOf(type);
    return symbol.value ? this.evaluate(path, symbol.value, symbol.from, depth + 1) : null;
  }

  module(module: string): Meaning | null {
    const path = this.project.modules().get(module);
    if (
      path === undefined &&
      !(module in LIBRARY) &&
      !Object.keys(LIBRARY).some((name) => name.startsWith(`${module}.`))
    )
      return null;
    return { what: "module", module, path: path ?? "" };
  }

  inModule(module: string, name: string, depth = 0): Meaning | null {
    const path = this.project.modules().get(module);
    const file = path ? this.project.file(path) : undefined;
    const symbol = file?.symbols.find((each) => each.name === name);
    if (symbol && path)
      return symbol.kind === "variable" ? this.variable(symbol, path, depth) : this.of(symbol, path, depth);
    const known = LIBRARY[module]?.find((each) => each.name === name);
    return known ? { what: "known", known, module, instance: false } : this.module(`${module}.${name}`);
  }

  private variable(symbol: PySymbol, path: string, depth: number): Meaning {
    return this.of(symbol, path, depth) ?? { what: "symbol", symbol, path, instance: true };
  }

  member(meaning: Meaning, name: string, depth = 0): Meaning | null {
    if (meaning.what === "module") return this.inModule(meaning.module, name, depth);
    if (meaning.what === "known") {
      const known = meaning.known.members.find((each) => each.name === name);
      if (known) return { what: "known", known, module: meaning.module, instance: false };
      return collectionOf(meaning);
    }
    const symbol =
      meaning.symbol.scope?.kind === "class" && meaning.symbol.scope.symbols.find((each) => each.name === name);
    if (symbol) return this.of(symbol, meaning.path, depth + 1) ?? { ...meaning, symbol, instance: false };
    const base = this.baseOf(meaning, depth);
    return base ? this.member(base, name, depth + 1) : null;
  }

  /** The class that a class is made from; whether it is asked as an instance stays. */
  baseOf(meaning: Meaning, depth = 0): Meaning | null {
    if (depth > DEPTH || meaning.what !== "symbol" || meaning.symbol.kind !== "class" || !meaning.symbol.type)
      return null;
    const base = this.evaluate(meaning.path, meaning.symbol.type, meaning.symbol.from, depth + 1);
    return base && base.what !== "module" && isClass(base) ? { ...base, instance: meaning.instance } : null;
  }

  /** What a call gives: an instance of a class, or what a function says that it returns. */
  private called(meaning: Meaning, depth: number): Meaning | null {
    if (meaning.what === "module" || meaning.instance) return null;
    if (isClass(meaning)) return instanceOf(meaning);
    if (meaning.what === "known") {
      const type = typeNamed(meaning.known.type);
      return type ? { what: "known", known: type, module: meaning.module, instance: true } : null;
    }
    const { symbol, path } = meaning;
    if (symbol.kind !== "function" || !symbol.type) return null;
    const type = this.evaluate(path, symbol.type, symbol.from, depth + 1);
    return type && isClass(type) ? instanceOf(type) : null;
  }
}

function instanceOf(meaning: Meaning): Meaning {
  return meaning.what === "module" ? meaning : { ...meaning, instance: true };
}

function isClass(meaning: Meaning): boolean {
  if (meaning.what === "module" || meaning.instance) return false;
  return (meaning.what === "symbol" ? meaning.symbol.kind : meaning.known.kind) === "class";
}

/** `db.notes` and `db["notes"]` are collections, `client["name"]` is a database. */
function collectionOf(meaning: Meaning): Meaning | null {
  if (meaning.what !== "known" || !meaning.instance) return null;
  const next = {
    Database: "Collection",
    AsyncDatabase: "AsyncCollection",
    MongoClient: "Database",
    AsyncMongoClient: "AsyncDatabase",
  };
  const type = typeNamed(next[meaning.known.name as keyof typeof next] ?? "");
  return type ? { what: "known", known: type, module: "pymongo", instance: true } : null;
}

function item(meaning: Meaning): Meaning | null {
  return collectionOf(meaning);
}
