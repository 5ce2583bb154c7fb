/** What can be done with a file or folder; the same behind its dots, behind a right click and behind the menu key. */
import { CopyPlus, Download, FilePlus, FolderInput, FolderPlus, Pencil, Play, Trash2 } from "lucide-react";
import { MenuItem, MenuLine } from "@/components/ui/menu";
import { within } from "@/lib/paths";
import { saveFile } from "../download";
import { duplicatePath, removePath } from "../file-actions";
import type { Row } from "../model/tree";
import { useEditorStore } from "../store";

export type Asked = { kind: "rename" | "move"; path: string } | { kind: "file" | "folder"; folder: string };

export function FileMenu({ row, onAsk }: { row: Row; onAsk: (asked: Asked) => void }) {
  const entrypoint = useEditorStore((state) => state.entrypoint);
  const { kind, path } = row;
  const holdsStart = within(entrypoint, path);
  return (
    <>
      {kind === "folder" && (
        <>
          <MenuItem onClick={() => onAsk({ kind: "file", folder: path })}>
            <FilePlus aria-hidden />
            New file here
          </MenuItem>
          <MenuItem onClick={() => onAsk({ kind: "folder", folder: path })}>
            <FolderPlus aria-hidden />
            New folder here
          </MenuItem>
          <MenuLine />
        </>
      )}
      <MenuItem onClick={() => onAsk({ kind: "rename", path })}>
        <Pencil aria-hidden />
        Rename
        <Keys>F2</Keys>
      </MenuItem>
      <MenuItem onClick={() => onAsk({ kind: "move", path })}>
        <FolderInput aria-hidden />
        Move to a folder
      </MenuItem>
      <MenuItem onClick={() => duplicatePath(path)}>
        <CopyPlus aria-hidden />
        Duplicate
      </MenuItem>
      {kind === "file" && (
        <MenuItem onClick={() => saveFile(path, useEditorStore.getState().files[path] ?? "")}>
          <Download aria-hidden />
          Download
        </MenuItem>
      )}
      {path.endsWith(".py") && path !== entrypoint && (
        <MenuItem onClick={() => useEditorStore.getState().startIn(path)}>
          <Play aria-hidden />
          Start the app here
        </MenuItem>
      )}
      {!holdsStart && (
        <MenuItem onClick={() => removePath(path)}>
          <Trash2 aria-hidden />
          Delete
          <Keys>Del</Keys>
        </MenuItem>
      )}
    </>
  );
}

function Keys({ children }: { children: string }) {
  return (
    <kbd className="ml-auto pl-6 font-sans text-faint text-xs pointer-coarse:hidden" aria-hidden>
      {children}
    </kbd>
  );
}
