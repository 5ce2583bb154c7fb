/** What people do to the set of files: each act at once, said in a toast with its way back, kept for Cmd-Z in the tree. */

import { baseName, pathProblem, within } from "@/lib/paths";
import { toast } from "@/lib/toasts";
import { add, type Change, duplicate, put, remove, rename, restore, target } from "./model/changes";
import { useEditorStore } from "./store";

const store = () => useEditorStore.getState();

/** Does it, and offers the way back. */
export function act(change: Change, quiet = false): void {
  store().apply(change);
  if (!quiet) toast(change.label, { onUndo: () => takeBack(change) });
}

export function takeBack(change?: Change): void {
  const newest = change ?? store().done.at(-1);
  if (!newest) {
    toast("Nothing to undo");
    return;
  }
  const edited = store().undo(newest);
  if (edited.length > 0) toast(`${edited.join(", ")} stays, for it was changed since`);
  else if (!change) toast(`Undid: ${newest.label}`);
}

export function addFile(path: string): void {
  act(add(path, store().files), true);
  store().show(path);
  dropFolders(path);
}

export function addFolder(path: string): void {
  store().setFolders([...store().folders, path]);
}

export function duplicatePath(path: string): void {
  act(duplicate(path, store().files));
}

/** A folder that holds nothing is only ours to forget. */
export function removePath(path: string): void {
  const { files, folders, setFolders } = store();
  if (Object.keys(files).some((file) => within(file, path))) act(remove(path, files));
  setFolders(folders.filter((folder) => !within(folder, path)));
}

export function renamePath(from: string, to: string): void {
  const { files, folders, setFolders } = store();
  setFolders(folders.map((folder) => (within(folder, from) ? to + folder.slice(from.length) : folder)));
  if (Object.keys(files).some((file) => within(file, from))) act(rename(from, to, files));
  dropFolders(to);
}

/** Moves a file or folder into `folder`; says why when it cannot. */
export function movePath(path: string, folder: string): void {
  const to = target(path, folder);
  if (to === null) return;
  const { files } = store();
  const others = Object.keys(files).filter((file) => !within(file, path));
  const clash = others.some((file) => within(file, to)) ? `There is a ${baseName(path)} already` : null;
  const problem = clash ?? (path in files ? pathProblem(to, others) : null);
  if (problem) toast(`${path} was not moved. ${problem}.`);
  else renamePath(path, to);
}

export function takeFiles(label: string, texts: Readonly<Record<string, string>>): void {
  act(put(label, store().files, texts));
}

/** Makes a file what it is in another version; null where it is not in that one. */
export function discardChanges(path: string, text: string | null): void {
  act(restore(`Discarded the changes to ${path}`, store().files, path, text));
}

/** Folders need no help any more once a file lies in them. */
function dropFolders(path: string): void {
  store().setFolders(store().folders.filter((folder) => !within(path, folder)));
}
