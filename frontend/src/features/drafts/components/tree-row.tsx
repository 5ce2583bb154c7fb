/** One line of the tree. What can be done with it is behind its dots, shown where it is pointed at or has the focus. */
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { FileIcon, FolderIcon } from "@/components/file-icon";
import { Menu } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import type { Row } from "../model/tree";
import { ChangedDot } from "./changed-dot";

interface Props {
  row: Row;
  active: boolean;
  focusable: boolean;
  starts: boolean;
  marked: boolean;
  bad: boolean;
  /** Something is dragged over it that it would take. */
  taking: boolean;
  menu: ReactNode;
  onPress: () => void;
  onFocus: () => void;
}

export function indent(level: number): number {
  // Deep folders must leave room for names.
  return 8 + Math.min(level - 1, 5) * 14 + Math.max(0, level - 6) * 4;
}

export function TreeRow({ row, active, focusable, starts, marked, bad, taking, menu, onPress, onFocus }: Props) {
  const { path, name, level, expanded } = row;
  const notes = [starts && "the app starts here", marked && "changed", bad && "has a finding"].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys of all its lines
    <div
      role="treeitem"
      data-path={path}
      data-kind={row.kind}
      draggable
      tabIndex={focusable ? 0 : -1}
      aria-label={[name, ...notes].join(", ")}
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.of}
      aria-expanded={expanded ?? undefined}
      aria-selected={active}
      title={path}
      onClick={onPress}
      onFocus={onFocus}
      className={cn(
        "group relative flex h-7 cursor-pointer select-none items-center gap-2 rounded-sm pr-1 hover:bg-raised focus-visible:outline-offset-[-2px] pointer-coarse:h-11",
        active && "bg-raised",
        taking && "bg-raised outline-1 outline-focus outline-dashed",
      )}
      style={{ paddingLeft: indent(level) }}
    >
      {expanded === null ? (
        <FileIcon path={path} className={active ? undefined : "text-muted"} />
      ) : (
        <FolderIcon open={expanded} />
      )}
      <span
        className={cn(
          "min-w-0 flex-1 truncate",
          active ? "font-semibold" : expanded === null && "text-muted",
          bad && "text-error",
        )}
      >
        {name}
      </span>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`More for ${path}`}
            tabIndex={focusable ? 0 : -1}
            onClick={(event) => event.stopPropagation()}
            className="absolute right-4 grid size-6 place-items-center rounded-sm bg-raised text-muted opacity-0 hover:text-text focus-visible:opacity-100 group-hover:opacity-100 group-focus-visible:opacity-100 data-[popup-open]:opacity-100 pointer-coarse:static pointer-coarse:size-11 pointer-coarse:bg-transparent pointer-coarse:opacity-100"
          >
            <Ellipsis className="size-3.5" aria-hidden />
          </button>
        }
      >
        {menu}
      </Menu>
      <span className="grid w-3 shrink-0 place-items-center">{marked && <ChangedDot />}</span>
    </div>
  );
}
