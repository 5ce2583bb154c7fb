/**
 * The draft's Python files as one program: which module is which file, and what each names. A file is read again only when
 * its text is another one, so that asking after every keystroke costs one file and not fifty.
 */
import { logicalLines, logicalLinesAfter, type Read } from "./lines";
import { type FileSymbols, symbolsOf } from "./symbols";

export type Files = Readonly<Record<string, string>>;

export class Project {
  private readonly read = new Map<string, Read & { symbols: FileSymbols }>();
  private named: { paths: string; modules: ReadonlyMap<string, string> } = { paths: "", modules: new Map() };

  constructor(readonly files: () => Files) {}

  file(path: string): FileSymbols | undefined {
    const text = this.files()[path];
    if (text === undefined || !path.endsWith(".py")) return undefined;
    const known = this.read.get(path);
    if (known?.text === text) return known.symbols;
    const lines = known ? logicalLinesAfter(known, text) : logicalLines(text);
    const symbols = symbolsOf(text, lines);
    this.read.set(path, { text, lines, symbols });
    return symbols;
  }

  /** Every module of the draft and the file that is it, empty for a folder without `__init__.py`. */
  modules(): ReadonlyMap<string, string> {
    const paths = Object.keys(this.files()).filter((path) => path.endsWith(".py"));
    const joined = paths.join("\n");
    if (joined !== this.named.paths) {
      this.named = { paths: joined, modules: modulesOf(paths) };
      for (const path of this.read.keys()) if (!paths.includes(path)) this.read.delete(path);
    }
    return this.named.modules;
  }

  /** The whole name of `module` as written in the file `path`: `.text` in `notes/__init__.py` is `notes.text`. */
  absolute(module: string, path: string): string {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    if (dots === 0) return module;
    const folder = path.split("/").slice(0, -dots);
    return [...folder, ...module.slice(dots).split(".")].filter(Boolean).join(".");
  }
}

function modulesOf(paths: readonly string[]): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const path of paths) {
    const parts = path.slice(0, -3).split("/");
    if (parts.at(-1) === "__init__") parts.pop();
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join(".");
      if (!modules.has(folder)) modules.set(folder, "");
    }
    if (parts.length > 0) modules.set(parts.join("."), path);
  }
  return modules;
}

/** The name by which other files import `path`; empty for one that cannot be imported. */
export function moduleOf(path: string): string {
  return path
    .replace(/\.py$/, "")
    .replace(/\/?__init__$/, "")
    .replaceAll("/", ".");
}
