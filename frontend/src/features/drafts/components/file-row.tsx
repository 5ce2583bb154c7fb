/** One file in the tree. Deleting asks by name when the file holds text. */
import { Ellipsis, FileCode, FileText, type LucideIcon, Package, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Menu, MenuItem } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { ChangedDot } from "./changed-dot";
import { DeleteFile } from "./delete-file";
import { FileName } from "./file-name";
import { indent, type TreeProps } from "./file-nodes";

function iconOf(path: string): LucideIcon {
  if (path === "requirements.txt") return Package;
  return /\.(py|js|html|css|json|svg)$/.test(path) ? FileCode : FileText;
}

type Props = TreeProps & { path: string; name: string };

export function FileRow({
  path,
  name,
  depth,
  active,
  entrypoint,
  marked,
  bad,
  paths,
  onOpen,
  onRename,
  onRemove,
}: Props) {
  const [mode, setMode] = useState<"show" | "rename" | "delete">("show");
  const Icon = iconOf(path);
  if (mode === "rename")
    return (
      <li>
        <FileName
          label={`New name of ${path}`}
          initial={path}
          taken={paths}
          onDone={(to) => {
            setMode("show");
            if (to) onRename(path, to);
          }}
        />
      </li>
    );
  return (
    <li
      className={cn(
        "group flex h-7 items-center rounded-sm pr-1 hover:bg-raised pointer-coarse:h-10",
        path === active && "bg-raised",
      )}
    >
      <button
        type="button"
        aria-current={path === active ? "true" : undefined}
        onClick={() => onOpen(path)}
        className={cn(
          "flex h-full min-w-0 flex-1 items-center gap-2 text-left",
          path === active ? "font-semibold" : "text-muted",
        )}
        style={{ paddingLeft: indent(depth) }}
      >
        <Icon className="size-3.5 shrink-0" aria-hidden />
        <span className={cn("truncate", bad.has(path) && "text-error")}>{name}</span>
        {bad.has(path) && <span className="sr-only">has a finding</span>}
      </button>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`More for ${path}`}
            className="grid size-6 place-items-center rounded-sm text-muted opacity-0 hover:text-text focus-visible:opacity-100 group-hover:opacity-100 data-[popup-open]:opacity-100 pointer-coarse:size-10 pointer-coarse:opacity-100"
          >
            <Ellipsis className="size-3.5" aria-hidden />
          </button>
        }
      >
        <MenuItem onClick={() => setMode("rename")}>
          <Pencil aria-hidden />
          Rename
        </MenuItem>
        {path !== entrypoint && (
          <MenuItem onClick={() => setMode("delete")}>
            <Trash2 aria-hidden />
            Delete
          </MenuItem>
        )}
      </Menu>
      <span className="grid w-3 place-items-center">{marked.has(path) && <ChangedDot />}</span>
      <DeleteFile
        path={path}
        open={mode === "delete"}
        onClose={(sure) => {
          setMode("show");
          if (sure) onRemove(path);
        }}
      />
    </li>
  );
}
