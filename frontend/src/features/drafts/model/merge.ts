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

/**
 * The merged files with each conflict settled: `results` has its text, null for none; what is not in it is settled as mine.
 *
 * `lost`: the side that a file did not become; theirs where it became neither. `mine`, `taken`: of what did not stay mine, what it was and became.
 */
export function settled(merged: Merge, mine: Files, theirs: Files, results: Readonly<Record<string, string | null>>) {
  const files = { ...merged.files };
  const lost: Record<string, string> = {};
  const own: Record<string, string | null> = {};
  const taken: Record<string, string | null> = {};
  for (const path of merged.conflicts) {
    const [here, there] = [mine[path] ?? null, theirs[path] ?? null];
    const result = results[path] === undefined ? here : results[path];
    if (result === null) delete files[path];
    else files[path] = result;
    const other = result === there ? here : there;
    if (other !== null && other !== result) lost[path] = other;
    if (result === here) continue;
    own[path] = here;
    taken[path] = result;
  }
  return { files, lost, mine: own, taken };
}

export function paths(...sides: Files[]): string[] {
  return [...new Set(sides.flatMap((side) => Object.keys(side)))].sort();
}

/** Paths whose text is not the same on both sides. */
export function differing(a: Files, b: Files): string[] {
  return paths(a, b).filter((path) => a[path] !== b[path]);
}
