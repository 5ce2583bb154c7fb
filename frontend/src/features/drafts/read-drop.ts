/** Files, folders and ZIPs from the desktop, read as far as they may be of use; see model/intake.ts for what is taken. */

import { baseName, isTextFile, MAX_FILE_BYTES } from "@/lib/paths";
import { type Candidate, isNobodys, TOO_LARGE } from "./model/intake";

const MOST = 1_000;

/** What was dropped. To be called in the drop event itself: afterwards the browser forgets it. */
export function dropped(transfer: DataTransfer): () => Promise<Candidate[]> {
  const entries = [...transfer.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const files = [...transfer.files];
  return async () => {
    const found = entries.filter((entry) => entry !== null);
    if (found.length === 0) return read(files.map((file) => ({ path: file.name, file })));
    const all: Sighted[] = [];
    for (const entry of found) await walk(entry, all);
    return read(all);
  };
}

/** What was chosen in a file dialog. */
export function chosen(files: Iterable<File>): Promise<Candidate[]> {
  return read([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

interface Sighted {
  path: string;
  file: File;
}

async function walk(entry: FileSystemEntry, all: Sighted[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "");
  if (isNobodys(path) || all.length >= MOST) return;
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    all.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return;
    for (const child of some) await walk(child, all);
  }
}

async function read(files: readonly Sighted[]): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for (const { path, file } of files) {
    if (/\.zip$/i.test(path)) all.push(...(await archive(path, file)));
    else if (!isTextFile(path)) all.push({ path, bytes: null });
    else if (file.size > MAX_FILE_BYTES) all.push({ path, bytes: null, refused: TOO_LARGE });
    else all.push(await content(path, file));
  }
  return all;
}

async function content(path: string, file: File): Promise<Candidate> {
  try {
    return { path, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    return { path, bytes: null };
  }
}

async function archive(path: string, file: File): Promise<Candidate[]> {
  const { BadZip, MAX_ARCHIVE_BYTES, unzip } = await import("./model/zip");
  try {
    if (file.size > MAX_ARCHIVE_BYTES) throw new BadZip(`It is over ${MAX_ARCHIVE_BYTES / 1024 / 1024} MB`);
    return unzip(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    const why = error instanceof BadZip ? error.message : "It could not be read";
    return [{ path: baseName(path), bytes: null, refused: why }];
  }
}
