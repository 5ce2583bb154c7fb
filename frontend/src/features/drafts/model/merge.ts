/**
 * Three-way merge of a draft, file by file. `base` is what both sides started from. A file that only one side touched
 * takes that side; one that both changed differently is a conflict, and then both sides are kept for a person to choose.
 * A file that is absent from a side was deleted there.
 */
export type Files = Readonly<Record<string, string>>;

export interface Merge {
  files: Record<string, string>;
  conflicts: string[];
}

export type Side = "mine" | "theirs";

/** `files` holds my side of every conflict until someone chooses. */
export function merge(base: Files, mine: Files, theirs: Files): Merge {
  const files: Record<string, string> = {};
  const conflicts: string[] = [];
  for (const path of paths(base, mine, theirs)) {
    const touchedHere = mine[path] !== base[path];
    const touchedThere = theirs[path] !== base[path];
    if (touchedHere && touchedThere && mine[path] !== theirs[path]) conflicts.push(path);
    const text = touchedHere ? mine[path] : theirs[path];
    if (text !== undefined) files[path] = text;
  }
  return { files, conflicts };
}

/** The merged files with each conflict settled; what was not chosen comes back in `lost`, absent where it was a deletion. */
export function settle(merged: Merge, mine: Files, theirs: Files, choices: Readonly<Record<string, Side>>) {
  const files = { ...merged.files };
  const lost: Record<string, string> = {};
  for (const path of merged.conflicts) {
    const [won, other] = choices[path] === "theirs" ? [theirs[path], mine[path]] : [mine[path], theirs[path]];
    if (won === undefined) delete files[path];
    else files[path] = won;
    if (other !== undefined) lost[path] = other;
  }
  return { files, lost };
}

export function paths(...sides: Files[]): string[] {
  return [...new Set(sides.flatMap((side) => Object.keys(side)))].sort();
}

/** Paths whose text is not the same on both sides. */
export function differing(a: Files, b: Files): string[] {
  return paths(a, b).filter((path) => a[path] !== b[path]);
}
