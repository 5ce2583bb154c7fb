/**
 * The files as a tree: arrows, Enter, F2, Delete and Cmd-Z; lines are dragged onto folders, files are dropped from the
 * desktop, and everything is in a menu as well.
 */
import { useMemo, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { FileName } from "@/components/file-name";
import { ContextMenu } from "@/components/ui/context-menu";
import { cn } from "@/lib/cn";
import { folderOf, folderProblem, joined, newPathProblem, pathProblem, within } from "@/lib/paths";
import { addFile, addFolder, movePath, renamePath } from "../file-actions";
import type { Candidate } from "../model/intake";
import { folderPaths, type Row, rows, tree } from "../model/tree";
import { useEditorStore } from "../store";
import { useFileDrop } from "../use-file-drop";
import { useTree } from "../use-tree";
import { type Asked, FileMenu } from "./file-menu";
import { MoveDialog } from "./move-dialog";
import { indent, TreeRow } from "./tree-row";

interface Props {
  marked: ReadonlySet<string>;
  bad: ReadonlySet<string>;
  asked: Asked | null;
  onAsk: (asked: Asked | null) => void;
  onOpen: (path: string) => void;
  onCandidates: (found: Candidate[], folder: string) => void;
}

export function FileTree({ marked, bad, asked, onAsk, onOpen, onCandidates }: Props) {
  const { entrypoint, active, folders } = useEditorStore(
    useShallow(({ entrypoint, active, folders }) => ({ entrypoint, active, folders })),
  );
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<Row>();
  const leaving = useRef(false);
  const paths = useEditorStore(useShallow((state) => Object.keys(state.files).sort()));
  const lines = useMemo(() => rows(tree(paths, entrypoint, folders), closed), [paths, entrypoint, folders, closed]);
  const toggle = (path: string, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(path);
    else next.add(path);
    setClosed(next);
  };
  const ask = (next: Asked) => {
    leaving.current = true;
    if ("folder" in next && next.folder) toggle(next.folder, true);
    onAsk(next);
  };
  const rename = (path: string) => ask({ kind: "rename", path });
  const keys = useTree({ rows: lines, entrypoint, onOpen, onToggle: toggle, onRename: rename });
  const drop = useFileDrop(onCandidates);
  const end = (path: string | null, after: () => void) => {
    onAsk(null);
    if (path) after();
    else keys.focus(asked && "path" in asked ? asked.path : keys.focused);
  };
  const folderList = folderPaths(paths, folders);
  const renameProblem = (from: string) => (to: string) => {
    const others = paths.filter((path) => !within(path, from));
    return paths.includes(from) ? pathProblem(to, others) : folderProblem(to, others, []);
  };

  const field = (line?: Row) => {
    if (asked?.kind === "rename" && line)
      return (
        <FileName
          label={`New name of ${line.path}`}
          initial={line.path}
          problemOf={renameProblem(line.path)}
          onDone={(to) =>
            end(to, () => {
              renamePath(line.path, to as string);
              keys.focus(to as string);
            })
          }
        />
      );
    if (asked?.kind !== "file" && asked?.kind !== "folder") return null;
    const { folder, kind } = asked;
    return (
      <FileName
        label={kind === "file" ? "New file" : "New folder"}
        placeholder={kind === "file" ? "name.py or folder/name.py" : "name"}
        problemOf={(name) =>
          kind === "file"
            ? newPathProblem(joined(folder, name), paths)
            : folderProblem(joined(folder, name), paths, folders)
        }
        onDone={(name) =>
          end(name, () => {
            const path = joined(folder, name as string);
            if (kind === "folder") addFolder(path);
            else addFile(path);
            if (kind === "file") onOpen(path);
            else keys.focus(path);
          })
        }
      />
    );
  };

  return (
    <ContextMenu
      menu={pointed && <FileMenu row={pointed} onAsk={ask} />}
      finalFocus={() => !leaving.current && (keys.tree.current?.querySelector<HTMLElement>("[tabindex='0']") ?? false)}
    >
      <div
        ref={keys.tree}
        role="tree"
        aria-label="Files of the draft"
        onKeyDown={keys.onKeyDown}
        onContextMenu={(event) => {
          leaving.current = false;
          const path = (event.target as HTMLElement).closest<HTMLElement>("[data-path]")?.dataset.path;
          const line = lines.find((other) => other.path === path);
          if (line) setPointed(line);
          else event.stopPropagation();
        }}
        {...drop.handlers}
        className={cn(
          "min-h-0 flex-1 overflow-y-auto px-2 pb-2",
          drop.over === "" && "outline-1 outline-focus outline-dashed -outline-offset-4",
        )}
      >
        {asked && "folder" in asked && asked.folder === "" && <Naming level={1}>{field()}</Naming>}
        {lines.map((line) =>
          asked?.kind === "rename" && asked.path === line.path ? (
            <Naming key={line.path} level={line.level}>
              {field(line)}
            </Naming>
          ) : (
            <div key={line.path} className="contents">
              <TreeRow
                row={line}
                active={line.path === active}
                focusable={line.path === keys.focused}
                starts={line.path === entrypoint}
                marked={marked.has(line.path)}
                bad={bad.has(line.path)}
                taking={drop.over !== null && drop.over !== "" && drop.over === line.path}
                menu={<FileMenu row={line} onAsk={ask} />}
                onPress={() => (line.expanded === null ? onOpen(line.path) : toggle(line.path, !line.expanded))}
                onFocus={() => keys.setFocused(line.path)}
              />
              {asked && "folder" in asked && asked.folder === line.path && (
                <Naming level={line.level + 1}>{field()}</Naming>
              )}
            </div>
          ),
        )}
        {asked?.kind === "move" && (
          <MoveDialog
            path={asked.path}
            folders={["", ...folderList].filter((to) => to !== folderOf(asked.path) && !within(to || "/", asked.path))}
            onDone={(folder) => {
              onAsk(null);
              if (folder !== null) movePath(asked.path, folder);
            }}
          />
        )}
      </div>
    </ContextMenu>
  );
}

/** A line whose name is being typed. */
function Naming({ level, children }: { level: number; children: React.ReactNode }) {
  return (
    <div
      role="treeitem"
      aria-label="A name"
      aria-level={level}
      tabIndex={-1}
      style={{ paddingLeft: level === 1 ? 0 : indent(level) - 8 }}
    >
      {children}
    </div>
  );
}
