/**
 * What a file of an app may be called and how large it may be: the door's own rules, so that a name is refused while it is
 * typed and not by a save. The names of limits and endings are those of `fp.validation`.
 */
export const MAX_FILES = 50;
export const MAX_FILE_BYTES = 100 * 1024;
export const MAX_TOTAL_BYTES = 500 * 1024;
const MAX_CHARS = 200;
const MAX_DEPTH = 10;

const ENDINGS = new Set(
  "cfg css csv geojson graphql htm html ini j2 jinja jinja2 js json jsonl md mjs py pyi rst sql svg toml tsv txt webmanifest xml yaml yml".split(
    " ",
  ),
);
const COMMON = ".py .html .css .js .json .md .txt .svg";
const BAD_CHARACTER = /[\\:*?"<>|\p{C}]/u;

const encoder = new TextEncoder();

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

export function totalBytes(files: Readonly<Record<string, string>>): number {
  return Object.values(files).reduce((sum, text) => sum + bytesOf(text), 0);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that a path lies in, empty for the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Whether `path` is that folder or something in it; everything is in the top. */
export function within(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

export function isTextFile(path: string): boolean {
  const name = baseName(path);
  return name.includes(".") && ENDINGS.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase());
}

/** What is wrong with the parts of a path, whatever it is the path of. */
export function shapeProblem(path: string): string | null {
  const parts = path.split("/");
  if (path === "") return "Type a name";
  if (path.length > MAX_CHARS) return `${MAX_CHARS} characters at most`;
  if (parts.length > MAX_DEPTH) return `${MAX_DEPTH} folders deep at most`;
  if (BAD_CHARACTER.test(path)) return 'No \\ : * ? " < > | in a name';
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "A plain path like static/style.css";
  if (parts.some((part) => part.startsWith("."))) return "Hidden files, with a dot first, are not kept";
  if (parts.some((part) => part !== part.trim() || part.endsWith("."))) return "No space or dot at a name's end";
  return null;
}

/** Why `path` cannot be a file's path beside those that are `taken`, or null when it can. */
export function pathProblem(path: string, taken: readonly string[]): string | null {
  const shape = shapeProblem(path);
  if (shape) return shape;
  if (!isTextFile(path)) return `Only text files, such as ${COMMON}`;
  if (taken.includes(path)) return "This file exists";
  const folded = path.toLowerCase();
  const double = taken.find((other) => other.toLowerCase() === folded);
  if (double) return `Differs from ${double} only in upper and lower case`;
  if (taken.some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
    return "A folder and a file cannot share a name";
  return null;
}

/** The same for a file that is added, which there must be room for. */
export function newPathProblem(path: string, taken: readonly string[]): string | null {
  return pathProblem(path, taken) ?? (taken.length >= MAX_FILES ? `An app holds ${MAX_FILES} files at most` : null);
}

/** Why `path` cannot be a new folder. */
export function folderProblem(path: string, files: readonly string[], folders: readonly string[]): string | null {
  const shape = shapeProblem(path);
  if (shape) return shape;
  if (folders.includes(path) || files.some((file) => file.startsWith(`${path}/`))) return "This folder exists";
  if (files.some((file) => within(path, file))) return "A folder and a file cannot share a name";
  return null;
}

/** A free name beside `taken`, made from `path`: `notes copy.md` would be ours to explain, so it is `notes_2.md`. */
export function freePath(path: string, taken: readonly string[]): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 2; ; number++) {
    const candidate = joined(folderOf(path), `${stem}_${number}${ending}`);
    if (!taken.some((other) => within(other.toLowerCase(), candidate.toLowerCase()))) return candidate;
  }
}

export interface Room {
  files: number;
  bytes: number;
  /** Files over their own limit, which the server would refuse. */
  large: string[];
  /** In words, what is over a limit; null while everything fits. */
  over: string | null;
}

export function room(files: Readonly<Record<string, string>>): Room {
  const sizes = Object.entries(files).map(([path, text]) => [path, bytesOf(text)] as const);
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  const large = sizes.filter(([, size]) => size > MAX_FILE_BYTES).map(([path]) => path);
  return { files: sizes.length, bytes, large, over: overWords(sizes.length, bytes, large) };
}

function overWords(count: number, bytes: number, large: readonly string[]): string | null {
  const kb = (value: number) => Math.ceil(value / 1024);
  if (large[0]) return `${large[0]} is over ${kb(MAX_FILE_BYTES)} KB. Split it, or keep its data in the database.`;
  if (bytes > MAX_TOTAL_BYTES)
    return `${kb(bytes)} KB together, and an app holds ${kb(MAX_TOTAL_BYTES)}. Keep data in the database.`;
  if (count > MAX_FILES) return `${count} files, and an app holds ${MAX_FILES}. Join or delete some.`;
  return null;
}
