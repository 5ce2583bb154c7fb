/** Records of an app as a table: one line each with its time first, chosen by a click anywhere on it. */
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";

export const HEAD = "h-[34px] px-2 text-left font-medium text-muted text-sm sm:px-3.5";
export const CELL = "h-9 px-2 sm:px-3.5";

export function RecordTable({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-label={label} className="w-full table-fixed border-collapse">
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface RowProps {
  id: string;
  time: string;
  now: number;
  chosen: boolean;
  onChoose: (id: string | undefined) => void;
  /** What the line is called; it is the button's text. */
  name: ReactNode;
  /** The cells behind it. */
  children: ReactNode;
}

export function RecordRow({ id, time, now, chosen, onChoose, name, children }: RowProps) {
  return (
    <tr
      className={cn(
        "row-enter relative border-line border-t hover:bg-raised",
        chosen && "bg-raised shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      <td className={cn(CELL, "tnum truncate font-mono text-muted text-sm")}>
        <time dateTime={time} title={utc(time)}>
          {clock(time, now)}
        </time>
      </td>
      <td className={CELL}>
        <button
          type="button"
          aria-expanded={chosen}
          onClick={() => onChoose(chosen ? undefined : id)}
          className="flex w-full min-w-0 items-center gap-2 text-left font-mono text-sm after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
        >
          {name}
        </button>
      </td>
      {children}
    </tr>
  );
}
