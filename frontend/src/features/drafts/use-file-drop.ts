/** Dragging over the tree: one of its own lines onto a folder, or files from the desktop. */
import { type DragEvent, useState } from "react";
import { folderOf } from "@/lib/paths";
import { movePath } from "./file-actions";
import type { Candidate } from "./model/intake";
import { dropped } from "./read-drop";

const OWN = "application/x-fp-path";

export function useFileDrop(onCandidates: (found: Candidate[], folder: string) => void) {
  /** The folder that would take it, empty for the top, null while nothing is dragged over. */
  const [over, setOver] = useState<string | null>(null);

  const onDragStart = (event: DragEvent) => {
    const path = (event.target as HTMLElement).dataset.path;
    if (path === undefined) return;
    event.dataTransfer.setData(OWN, path);
    event.dataTransfer.effectAllowed = "move";
  };

  const onDragOver = (event: DragEvent) => {
    const own = event.dataTransfer.types.includes(OWN);
    if (!own && !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = own ? "move" : "copy";
    setOver(folderUnder(event));
  };

  const onDragLeave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget as globalThis.Node | null)) setOver(null);
  };

  const onDrop = (event: DragEvent) => {
    const folder = folderUnder(event);
    setOver(null);
    const path = event.dataTransfer.getData(OWN);
    if (!path && event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    if (path) movePath(path, folder);
    else void dropped(event.dataTransfer)().then((found) => onCandidates(found, folder));
  };

  return { over, handlers: { onDragStart, onDragOver, onDragLeave, onDrop, onDragEnd: () => setOver(null) } };
}

function folderUnder(event: DragEvent): string {
  const line = (event.target as HTMLElement).closest<HTMLElement>("[data-path]");
  if (!line?.dataset.path) return "";
  return line.dataset.kind === "folder" ? line.dataset.path : folderOf(line.dataset.path);
}
