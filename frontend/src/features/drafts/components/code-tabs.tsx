/** The open files above the code: the shown one has the amber line, an amber dot says that it differs from the live version. */
import { X } from "lucide-react";
import { cn } from "@/lib/cn";
import { useEditorStore } from "../store";
import { ChangedDot } from "./changed-dot";

export function CodeTabs({ marked }: { marked: ReadonlySet<string> }) {
  const { open, active, show, close } = useEditorStore();
  return (
    <nav
      aria-label="Open files"
      className="flex h-[37px] shrink-0 overflow-x-auto border-line border-b bg-surface pl-2"
    >
      {open.map((path) => (
        <div
          key={path}
          className={cn(
            "group relative flex shrink-0 items-center pr-1.5 after:absolute after:inset-x-0 after:bottom-[-1px] after:h-0.5",
            path === active && "after:bg-accent",
          )}
        >
          <button
            type="button"
            aria-current={path === active ? "true" : undefined}
            onClick={() => show(path)}
            className={cn(
              "flex h-full items-center gap-2 pr-1 pl-2.5 focus-visible:outline-offset-[-2px]",
              path === active ? "font-semibold" : "text-muted hover:text-text",
            )}
          >
            {path}
            {marked.has(path) && <ChangedDot />}
          </button>
          {open.length > 1 && (
            <button
              type="button"
              aria-label={`Close ${path}`}
              onClick={() => close(path)}
              className="grid size-5 place-items-center rounded-sm text-muted opacity-0 hover:bg-raised hover:text-text focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100"
            >
              <X className="size-3.5" aria-hidden />
            </button>
          )}
        </div>
      ))}
    </nav>
  );
}
