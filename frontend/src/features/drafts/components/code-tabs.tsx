/**
 * The open files above the code: the shown one has the amber line, an amber dot says that it differs from the live version.
 * A middle click and Alt-W close one, Alt with Page Up and Page Down goes to the next; two of one name also show their folder.
 */
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useShallow } from "zustand/react/shallow";
import { FileIcon } from "@/components/file-icon";
import { cn } from "@/lib/cn";
import { baseName } from "@/lib/paths";
import { useEditorStore } from "../store";
import { ChangedDot } from "./changed-dot";

const SHORT = 24;

export function CodeTabs({ marked }: { marked: ReadonlySet<string> }) {
  const { open, active, show, close } = useEditorStore(
    useShallow(({ open, active, show, close }) => ({ open, active, show, close })),
  );
  const shown = useRef<HTMLDivElement>(null);
  useTabKeys();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab of the file that has just been shown comes into sight
  useEffect(() => {
    shown.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);
  return (
    <nav
      aria-label="Open files"
      className="flex h-[37px] shrink-0 overflow-x-auto border-line border-b bg-surface pl-2 [scrollbar-width:none] pointer-coarse:h-11"
    >
      {open.map((path) => (
        <div
          key={path}
          ref={path === active ? shown : undefined}
          className={cn(
            "group relative flex max-w-60 shrink-0 items-center pr-1.5 after:absolute after:inset-x-0 after:bottom-[-1px] after:h-0.5",
            path === active && "after:bg-accent",
          )}
        >
          <button
            type="button"
            title={path}
            aria-current={path === active ? "true" : undefined}
            onClick={() => show(path)}
            onMouseDown={(event) => event.button === 1 && event.preventDefault()}
            onAuxClick={(event) => event.button === 1 && close(path)}
            className={cn(
              "flex h-full min-w-0 items-center gap-2 pr-1 pl-2.5 focus-visible:outline-offset-[-2px]",
              path === active ? "font-semibold" : "text-muted hover:text-text",
            )}
          >
            <FileIcon path={path} className="text-muted" />
            <span className="truncate">{label(path, open)}</span>
            {marked.has(path) && <ChangedDot />}
          </button>
          {open.length > 1 && (
            <button
              type="button"
              aria-label={`Close ${path}`}
              title="Close (Alt W)"
              onClick={() => close(path)}
              className="grid size-6 shrink-0 place-items-center rounded-sm text-muted opacity-0 hover:bg-raised hover:text-text focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:size-11 pointer-coarse:opacity-100"
            >
              <X className="size-3.5" aria-hidden />
            </button>
          )}
        </div>
      ))}
    </nav>
  );
}

/** The whole path where it is short, or where its name alone could be another one's. */
function label(path: string, open: readonly string[]): string {
  const name = baseName(path);
  return path.length <= SHORT || open.some((other) => other !== path && baseName(other) === name) ? path : name;
}

function useTabKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const { open, active, show, close } = useEditorStore.getState();
      const at = open.indexOf(active);
      const by = event.code === "PageDown" ? 1 : event.code === "PageUp" ? -1 : 0;
      if (event.code === "KeyW" && open.length > 1) close(active);
      else if (by !== 0 && open.length > 1) show(open[(at + by + open.length) % open.length] as string);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);
}
