/**
 * Changes to the set of files, each with its way back: what it puts in place of what, by path, null for no file. So a
 * rename, a move, a deletion, a drop of twenty files and a replacement in ten are undone by the same few lines.
 */

import { baseName, folderOf, freePath, joined, within } from "@/lib/paths";
import type { Files } from "./merge";

export interface Change {
  /** What happened, for a person: "Deleted notes.md". */
  label: string;
  before: Readonly<Record<string, string | null>>;
  after: Readonly<Record<string, string | null>>;
  /** Paths that got another name, so that tabs and the entrypoint follow. */
  moved: Readonly<Record<string, string>>;
}

function change(label: string, files: Files, after: Change["after"], moved: Change["moved"] = {}): Change {
  const before = Object.fromEntries(Object.keys(after).map((path) => [path, files[path] ?? null]));
  return { label, before, after, moved };
}

export function applied(files: Files, { after }: Pick<Change, "after">): Files {
  const next: Record<string, string> = { ...files };
  for (const [path, text] of Object.entries(after)) {
    if (text === null) delete next[path];
    else next[path] = text;
  }
  return next;
}

/** The way back, and the files that it leaves alone because they were edited since. */
export function reversed(files: Files, done: Change): { change: Change; edited: string[] } {
  const kept = Object.keys(done.after).filter((path) => (files[path] ?? null) !== done.after[path]);
  const lost = new Set(kept);
  const moved = Object.fromEntries(Object.entries(done.moved).map(([from, to]) => [to, from]));
  // A file that was renamed and then edited goes back with what it holds now.
  const follow = kept.filter((path) => moved[path] !== undefined && files[path] !== undefined);
  const after: Record<string, string | null> = {};
  for (const [path, text] of Object.entries(done.before)) if (!lost.has(path)) after[path] = text;
  for (const path of follow) {
    after[path] = null;
    after[moved[path] as string] = files[path] as string;
  }
  return {
    change: change(`Undid: ${done.label}`, files, after, moved),
    edited: kept.filter((path) => !follow.includes(path)),
  };
}

export function put(label: string, files: Files, texts: Readonly<Record<string, string>>): Change {
  return change(label, files, texts);
}

/** Back to how a file was elsewhere; null where it was not there. */
export function restore(label: string, files: Files, path: string, text: string | null): Change {
  return change(label, files, { [path]: text });
}

export function add(path: string, files: Files, text = ""): Change {
  return change(`Added ${path}`, files, { [path]: text });
}

export function duplicate(path: string, files: Files): Change {
  const inside = Object.keys(files).filter((file) => within(file, path));
  const to = freePath(path, Object.keys(files));
  const after = Object.fromEntries(inside.map((file) => [to + file.slice(path.length), files[file] ?? ""]));
  return change(`Copied ${path} to ${to}`, files, after);
}

export function remove(path: string, files: Files): Change {
  const gone = Object.keys(files).filter((file) => within(file, path));
  return change(`Deleted ${path}`, files, Object.fromEntries(gone.map((file) => [file, null])));
}

/** A file or a folder under another path. */
export function rename(from: string, to: string, files: Files): Change {
  const moved = Object.fromEntries(
    Object.keys(files)
      .filter((file) => within(file, from))
      .map((file) => [file, to + file.slice(from.length)]),
  );
  const gone = Object.fromEntries(Object.keys(moved).map((file) => [file, null]));
  const there = Object.fromEntries(Object.entries(moved).map(([file, target]) => [target, files[file] ?? ""]));
  const verb = folderOf(from) === folderOf(to) ? "Renamed" : "Moved";
  return change(`${verb} ${from} to ${to}`, files, { ...gone, ...there }, moved);
}

/** Where `path` would be in `folder`; null when it is there already, or the folder is in it. */
export function target(path: string, folder: string): string | null {
  if (folderOf(path) === folder || (folder !== "" && within(folder, path))) return null;
  return joined(folder, baseName(path));
}
