/**
 * What comes from the desktop: files, folders and ZIPs, none of them to be trusted. Everything is judged before anything is
 * taken, and whatever is not taken is named with its reason.
 */

import {
  isTextFile,
  joined,
  MAX_FILE_BYTES,
  MAX_FILES,
  MAX_TOTAL_BYTES,
  pathProblem,
  shapeProblem,
  totalBytes,
} from "@/lib/paths";
import type { Files } from "./merge";

/** A file as it was found: its bytes, or why nobody looked at them. */
export interface Candidate {
  path: string;
  bytes: Uint8Array | null;
  refused?: string;
}

export interface Taken {
  path: string;
  text: string;
  /** A file of that path is there and holds something else. */
  replaces: boolean;
}

export interface Refused {
  path: string;
  why: string;
}

export interface Intake {
  taken: Taken[];
  refused: Refused[];
  /** Files that are there already with the same text. */
  same: number;
}

const NOBODYS = new Set(["__MACOSX", ".git", "__pycache__", ".venv", "node_modules", ".DS_Store"]);

/** Folders and files that come along with others and are meant by nobody. */
export function isNobodys(path: string): boolean {
  return path.split("/").some((part) => NOBODYS.has(part));
}

/** `folder`: where they were dropped. */
export function judge(candidates: readonly Candidate[], files: Files, folder = ""): Intake {
  const taken: Taken[] = [];
  const refused: Refused[] = [];
  const after: Record<string, string> = { ...files };
  let same = 0;
  for (const candidate of candidates) {
    const path = joined(folder, candidate.path);
    const verdict = look(candidate, path, after, files);
    if ("why" in verdict) refused.push({ path, why: verdict.why });
    else if (files[path] === verdict.text) same += 1;
    else {
      after[path] = verdict.text;
      taken.push({ path, text: verdict.text, replaces: path in files });
    }
  }
  return { taken, refused, same };
}

function look(candidate: Candidate, path: string, after: Files, files: Files): { text: string } | { why: string } {
  const named = candidate.refused ?? nameProblem(path, after, files);
  if (named || candidate.bytes === null) return { why: named ?? "It could not be read" };
  if (candidate.bytes.length > MAX_FILE_BYTES) return { why: TOO_LARGE };
  const text = decoded(candidate.bytes);
  if (text === null) return { why: "It is no text (UTF-8)" };
  const bytes = totalBytes({ ...after, [path]: text });
  if (bytes > MAX_TOTAL_BYTES) return { why: `With it the app would be over ${MAX_TOTAL_BYTES / 1024} KB` };
  return { text };
}

export const TOO_LARGE = `It is over ${MAX_FILE_BYTES / 1024} KB`;

function nameProblem(path: string, after: Files, files: Files): string | null {
  if (shapeProblem(path)) return shapeProblem(path);
  if (!isTextFile(path)) return "Files of this kind cannot be part of an app";
  if (path in after && !(path in files)) return "It is there twice";
  if (path in files) return null;
  const others = Object.keys(after);
  if (others.length >= MAX_FILES) return `An app holds ${MAX_FILES} files at most`;
  return pathProblem(path, others);
}

/** UTF-8 without a mark at its beginning, or null for what is no text. */
function decoded(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
