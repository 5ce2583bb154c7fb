/**
 * Reading a ZIP that a stranger may have made. Its list of contents is read first: links, passwords, paths that lead out and
 * unknown methods are refused unseen. What is left is inflated in small pieces and counted, so that no size it claims is
 * believed and a bomb ends at the first file that is too large.
 */
import { Inflate } from "fflate";
import { isTextFile, MAX_FILE_BYTES } from "@/lib/paths";
import { type Candidate, isNobodys, TOO_LARGE } from "./intake";

export const MAX_ARCHIVE_BYTES = 2 * 1024 * 1024;
const MAX_ENTRIES = 1_000;
const MAX_INFLATED = 8 * 1024 * 1024;
/** Bytes of archive between two looks at how much came out; a bomb makes a thousand times as much of them. */
const PIECE = 1024;

/** The archive cannot be read at all; the message says why. */
export class BadZip extends Error {}

interface Entry {
  path: string;
  method: number;
  start: number;
  packed: number;
  why: string | null;
}

/** Everything in it, in its order. One folder around it all is taken off. Throws BadZip. */
export function unzip(data: Uint8Array): Candidate[] {
  if (data.length > MAX_ARCHIVE_BYTES) throw new BadZip(`It is over ${MAX_ARCHIVE_BYTES / 1024 / 1024} MB`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const entries = listed(view).filter((entry) => !entry.path.endsWith("/") && !isNobodys(entry.path));
  const root = commonRoot(entries.filter((entry) => !entry.why).map((entry) => entry.path));
  let left = MAX_INFLATED;
  return entries.map((entry) => {
    const path = entry.path.startsWith(root) ? entry.path.slice(root.length) : entry.path;
    const why = entry.why ?? (isTextFile(path) ? null : "Files of this kind cannot be part of an app");
    if (why) return { path, bytes: null, refused: why };
    if (left <= 0) return { path, bytes: null, refused: "The archive unpacks to too much" };
    const bytes = content(data, view, entry, Math.min(MAX_FILE_BYTES, left));
    left -= bytes?.length ?? MAX_FILE_BYTES;
    return bytes ? { path, bytes } : { path, bytes: null, refused: TOO_LARGE };
  });
}

function listed(view: DataView): Entry[] {
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw new BadZip(`It has ${count.toLocaleString("en-US")} files`);
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) throw new BadZip("Its list is broken");
    const names = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    entries.push(entryAt(view, at, names[0]));
    at += 46 + names[0] + names[1] + names[2];
  }
  return entries;
}

function endRecord(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  throw new BadZip("This is no ZIP");
}

function entryAt(view: DataView, at: number, nameLength: number): Entry {
  if (at + 46 + nameLength > view.byteLength) throw new BadZip("Its list is broken");
  const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const mode = view.getUint32(at + 38, true) >>> 16;
  const start = view.getUint32(at + 42, true);
  return { path, method, start, packed: view.getUint32(at + 20, true), why: refusal(path, flags, method, mode) };
}

function refusal(path: string, flags: number, method: number, mode: number): string | null {
  const kind = mode & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) return "It is a link or a device, not a file";
  if (flags & 1) return "It is encrypted";
  if (method !== 0 && method !== 8) return "It is packed in a way that browsers cannot read";
  if (/^[/\\]|^[A-Za-z]:/.test(path) || path.split(/[/\\]/).includes("..")) return "Its path leads out of the archive";
  return null;
}

/** The bytes of one file, null when there are more than `most`. */
function content(data: Uint8Array, view: DataView, entry: Entry, most: number): Uint8Array | null {
  const at = entry.start;
  if (at + 30 > data.length || view.getUint32(at, true) !== 0x04034b50) throw new BadZip("One of its files is broken");
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const packed = data.subarray(from, from + entry.packed);
  if (packed.length < entry.packed) throw new BadZip("It ends too early");
  if (entry.method === 0) return packed.length > most ? null : packed;
  return inflated(packed, most);
}

function inflated(packed: Uint8Array, most: number): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((part) => {
    parts.push(part);
    size += part.length;
  });
  try {
    for (let at = 0; at < packed.length && size <= most; at += PIECE)
      inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  } catch {
    throw new BadZip("One of its files is broken");
  }
  return size > most ? null : joinedBytes(parts, size);
}

function joinedBytes(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The one folder that everything lies in, with its slash, when there is Python right in it. */
function commonRoot(paths: readonly string[]): string {
  const tops = new Set(paths.map((path) => path.split("/")[0]));
  if (tops.size !== 1 || !paths.every((path) => path.includes("/"))) return "";
  const top = `${[...tops][0]}/`;
  if (top === "/" || top.startsWith(".")) return "";
  return paths.some((path) => /^[^/]+\.py$/.test(path.slice(top.length))) ? top : "";
}
