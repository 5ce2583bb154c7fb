/** The tree's rows. A folder opens and closes; a file opens, and its menu renames or deletes it. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Folder, Node } from "../model/tree";
import { FileRow } from "./file-row";

export interface TreeProps {
  depth: number;
  active: string;
  entrypoint: string;
  marked: ReadonlySet<string>;
  bad: ReadonlySet<string>;
  paths: readonly string[];
  onOpen: (path: string) => void;
  onRename: (from: string, to: string) => void;
  onRemove: (path: string) => void;
}

export function FileNodes({ nodes, ...rest }: TreeProps & { nodes: readonly Node[] }) {
  return (
    <ul>
      {nodes.map((node) =>
        node.kind === "folder" ? (
          <FolderRow key={node.path} folder={node} {...rest} />
        ) : (
          <FileRow key={node.path} path={node.path} name={node.name} {...rest} />
        ),
      )}
    </ul>
  );
}

function FolderRow({ folder, ...rest }: TreeProps & { folder: Folder }) {
  const [open, setOpen] = useState(true);
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-7 w-full items-center gap-2 rounded-sm pr-1 hover:bg-raised pointer-coarse:h-10"
        style={{ paddingLeft: indent(rest.depth) }}
      >
        <Chevron className="size-3.5 text-muted" aria-hidden />
        {folder.name}
      </button>
      {open && <FileNodes nodes={folder.children} {...rest} depth={rest.depth + 1} />}
    </li>
  );
}

export function indent(depth: number): number {
  return 8 + depth * 16;
}
