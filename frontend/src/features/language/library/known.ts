/**
 * Names of packages that apps are written with, told in our own words: one line a name, `name(signature) -> type | what it
 * does`. A line that begins with `class` opens a class, the indented ones under it are its members; `$word` stands for a
 * list of parameters that several share.
 */
export interface Known {
  name: string;
  kind: "class" | "function" | "variable";
  signature: string;
  doc: string;
  /** What a call gives, or a variable is of: a name of the same module, or a dotted one of another. */
  type: string;
  members: readonly Known[];
}

const LINE = /^(class )?(\w+)(\(.*\))?(?: -> ([\w.]+))? \| (.*)$/;

export function library(text: string, shared: Readonly<Record<string, string>> = {}): Known[] {
  const names: Known[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const known = oneOf(line.trim(), shared);
    const owner = names.at(-1);
    if (line.startsWith("  ") && owner) (owner.members as Known[]).push(known);
    else names.push(known);
  }
  return names;
}

function oneOf(line: string, shared: Readonly<Record<string, string>>): Known {
  const match = LINE.exec(line);
  if (!match) throw new Error(`not a line of a library: ${line}`);
  const [, isClass, name = "", signature = "", type = "", doc = ""] = match;
  return {
    ...{ name, doc, type, members: [], kind: isClass ? "class" : signature ? "function" : "variable" },
    signature: signature.replace(/\$(\w+)/g, (_, word: string) => shared[word] ?? ""),
  };
}

/** Names of the parameters in a signature that can be given by keyword. */
export function parametersOf(signature: string): string[] {
  const inside = signature.replace(/^\(/, "").replace(/\)[^)]*$/, "");
  let depth = 0;
  let part = "";
  const parts: string[] = [];
  for (const char of inside) {
    if ("([{".includes(char)) depth += 1;
    if (")]}".includes(char)) depth -= 1;
    if (char === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part]
    .flatMap((each) => /^\s*([A-Za-z_]\w*)/.exec(each)?.[1] ?? [])
    .filter((name) => name !== "self");
}
