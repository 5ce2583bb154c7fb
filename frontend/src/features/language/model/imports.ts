/** Adding an import where it belongs: to the statement that imports from the module already, or below the last one. Pure. */
import type { FileSymbols } from "./symbols";

export interface Insertion {
  at: number;
  insert: string;
}

/** Null when the name is imported from there already. */
export function importOf(text: string, file: FileSymbols, module: string, name: string): Insertion | null {
  if (file.symbols.some((symbol) => symbol.name === name && symbol.module === module)) return null;
  const same = file.imports.find((each) => each.module === module && !/\*\s*$/.test(each.text));
  if (same) return added(same, name);
  const last = file.imports.at(-1);
  const statement = `from ${module} import ${name}\n`;
  if (!last) return first(text, file.start, statement);
  return below(text, last.to, statement);
}

function added(statement: FileSymbols["imports"][number], name: string): Insertion {
  const { text, from } = statement;
  const paren = text.lastIndexOf(")");
  const end = paren === -1 ? text.length : text.slice(0, paren).trimEnd().replace(/,$/, "").length;
  return { at: from + end, insert: `, ${name}` };
}

/** At the beginning of the line after; a file that ends without a line break gets one first. */
function below(text: string, to: number, statement: string): Insertion {
  const next = text.indexOf("\n", to);
  return next === -1 ? { at: text.length, insert: `\n${statement}` } : { at: next + 1, insert: statement };
}

function first(text: string, start: number, statement: string): Insertion {
  if (start === 0) return { at: 0, insert: `${statement}\n` };
  const { at, insert } = below(text, start, `\n${statement}`);
  return { at, insert };
}
