/** What the palette found: a list box in groups, with the chosen line kept in sight. */
import { useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import type { Command } from "@/lib/commands";

interface Props {
  id: string;
  found: readonly Command[];
  chosen: number;
  busy: boolean;
  onPoint: (index: number) => void;
  onRun: (command: Command) => void;
}

export function PaletteList({ id, found, chosen, busy, onPoint, onRun }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[id="${id}-${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, chosen]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label="Found"
      tabIndex={-1}
      className="min-h-0 scroll-py-2 overflow-y-auto p-2"
    >
      {found.length === 0 && (
        <p role="status" className="px-3 py-8 text-center text-muted">
          {busy ? "Looking…" : "Nothing fits. Try fewer letters."}
        </p>
      )}
      {found.map((command, index) => (
        <Line
          key={command.id}
          id={`${id}-${index}`}
          command={command}
          head={found[index - 1]?.group !== command.group}
          chosen={index === chosen}
          onPoint={() => onPoint(index)}
          onRun={() => onRun(command)}
        />
      ))}
    </div>
  );
}

interface LineProps {
  id: string;
  command: Command;
  head: boolean;
  chosen: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Line({ id, command, head, chosen, onPoint, onRun }: LineProps) {
  const Icon = command.icon;
  return (
    <>
      {head && (
        <div role="presentation" className="px-2.5 pt-2 pb-1 text-muted text-sm first:pt-0.5">
          {command.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's business */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        onPointerMove={() => !chosen && onPoint()}
        onClick={onRun}
        className={cn(
          "flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 pointer-coarse:h-11",
          chosen && "bg-raised",
        )}
      >
        {Icon ? <Icon className="size-4 shrink-0 text-muted" aria-hidden /> : <span className="size-4" />}
        <span className="min-w-0 truncate">{command.title}</span>
        {command.note && <span className="min-w-0 flex-1 truncate font-mono text-muted text-xs">{command.note}</span>}
        {command.keys && <kbd className="ml-auto shrink-0 font-sans text-muted text-sm">{command.keys}</kbd>}
      </div>
    </>
  );
}
