/** The keyboard's way through the tree: one line has the focus, arrows move it, and it is never lost when lines go. */
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { folderOf, within } from "@/lib/paths";
import { isMac } from "@/lib/use-hotkey";
import { removePath, takeBack } from "./file-actions";
import type { Row } from "./model/tree";

interface Moves {
  rows: readonly Row[];
  entrypoint: string;
  onOpen: (path: string) => void;
  onToggle: (path: string, open: boolean) => void;
  onRename: (path: string) => void;
}

export function useTree({ rows, entrypoint, onOpen, onToggle, onRename }: Moves) {
  const tree = useRef<HTMLDivElement>(null);
  const [chosen, setFocused] = useState("");
  const wanted = useRef<string>(undefined);
  const focused = rows.some((row) => row.path === chosen) ? chosen : (rows[0]?.path ?? "");

  const focus = useCallback((path: string | undefined) => {
    if (path === undefined) return;
    wanted.current = path;
    setFocused(path);
  }, []);

  // A line can have the focus only once it is drawn.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const line = tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(wanted.current)}"]`);
    if (!line) return;
    wanted.current = undefined;
    line.focus();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target as HTMLElement).matches("[role=treeitem]")) return;
    const at = rows.findIndex((row) => row.path === focused);
    const row = rows[at];
    const act = row && action(event, row, at);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const action = (event: KeyboardEvent, row: Row, at: number): (() => void) | undefined => {
    const mod = isMac ? event.metaKey : event.ctrlKey;
    if (mod) return event.key.toLowerCase() === "z" ? () => takeBack() : undefined;
    switch (event.key) {
      case "ArrowDown":
        return () => focus(rows[at + 1]?.path);
      case "ArrowUp":
        return () => focus(rows[at - 1]?.path);
      case "Home":
        return () => focus(rows[0]?.path);
      case "End":
        return () => focus(rows.at(-1)?.path);
      case "ArrowRight":
        return () => (row.expanded === false ? onToggle(row.path, true) : row.expanded && focus(rows[at + 1]?.path));
      case "ArrowLeft":
        return () => (row.expanded ? onToggle(row.path, false) : focus(folderOf(row.path) || undefined));
      case "Enter":
      case " ":
        return () => (row.expanded === null ? onOpen(row.path) : onToggle(row.path, !row.expanded));
      case "F2":
        return () => onRename(row.path);
      case "Delete":
      case "Backspace":
        return within(entrypoint, row.path) ? undefined : () => removeAt(row, at);
      default:
        return letter(event.key, at);
    }
  };

  const removeAt = (row: Row, at: number) => {
    const next = rows.slice(at + 1).find((other) => !within(other.path, row.path)) ?? rows[at - 1];
    removePath(row.path);
    focus(next?.path);
  };

  const letter = (key: string, at: number) => {
    if (key.length !== 1) return undefined;
    const after = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
    const next = after.find((row) => row.name.toLowerCase().startsWith(key.toLowerCase()));
    return next && (() => focus(next.path));
  };

  return { tree, focused, focus, setFocused, onKeyDown };
}
