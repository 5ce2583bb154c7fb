/** One line of the audit log; all of it opens the entry. On a narrow screen it keeps when, who, what and the outcome. */
import { memo, type ReactNode } from "react";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";
import type { AuditEntry } from "../api/audit";
import { operationWords, outcomeOf } from "../model/audit";

export const AUDIT_COLUMNS = cn(
  "grid w-full items-center gap-x-3 px-2 sm:px-3.5",
  "grid-cols-[68px_minmax(0,1fr)_minmax(0,2fr)_64px]",
  "sm:grid-cols-[116px_minmax(0,1fr)_minmax(0,1.6fr)_72px]",
  "md:grid-cols-[116px_minmax(0,1fr)_minmax(0,1.6fr)_minmax(0,1.2fr)_72px]",
  "lg:grid-cols-[116px_minmax(0,1fr)_minmax(0,1.6fr)_minmax(0,1.2fr)_120px_72px]",
);

const OUTCOME = {
  ok: "text-running",
  refused: "rounded-sm bg-waking-bg px-1.5 text-waking",
  failed: "rounded-sm bg-error-bg px-1.5 text-error",
} as const;

export function Outcome({ status }: { status: number | null }) {
  const outcome = outcomeOf(status);
  return (
    <span
      className={cn("font-medium text-sm", OUTCOME[outcome])}
      title={status === null ? "No answer" : String(status)}
    >
      {outcome}
    </span>
  );
}

/** Who did it, in words: nobody was logged in, or the platform itself. */
export function who(entry: AuditEntry): string {
  return entry.username || (entry.credential === "worker" ? "the platform" : "nobody");
}

export function about(entry: AuditEntry): string {
  return entry.app_name || entry.target_name || entry.target;
}

interface Props {
  entry: AuditEntry;
  now: number;
  chosen: boolean;
  onChoose: (id: string) => void;
}

export const AuditRow = memo(function AuditRow({ entry, now, chosen, onChoose }: Props) {
  const at = clock(entry.time, now);
  return (
    <div
      className={cn(
        AUDIT_COLUMNS,
        "relative hover:bg-raised",
        chosen && "bg-raised shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      <Cell className="tnum font-mono text-muted text-sm">
        <time dateTime={entry.time} title={utc(entry.time)}>
          {at}
        </time>
      </Cell>
      <Cell title={who(entry)}>{who(entry)}</Cell>
      <Cell>
        <button
          type="button"
          aria-expanded={chosen}
          onClick={() => onChoose(entry.id)}
          className="max-w-full truncate text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
        >
          {operationWords(entry.operation)}
        </button>
      </Cell>
      <Cell className="font-mono text-sm max-md:hidden" title={about(entry)}>
        {about(entry)}
      </Cell>
      <Cell className="tnum font-mono text-muted text-sm max-lg:hidden">{entry.address}</Cell>
      <Cell>
        <Outcome status={entry.status} />
      </Cell>
    </div>
  );
});

function Cell({ className, title, children }: { className?: string; title?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
    <div role="cell" className={cn("min-w-0 truncate", className)} title={title}>
      {children}
    </div>
  );
}
