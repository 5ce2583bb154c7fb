/** One request as the cells of its row; all of the row is the button that opens it. */
import { memo } from "react";
import { Method, StatusCode } from "@/components/ui/method";
import type { RequestRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, ms, utc } from "@/lib/format";
import { full } from "../model/filter";
import { ColdStart } from "./cold-start";
import { rowId } from "./use-row-keys";

/** Rows younger than this when they are drawn have just come, and slide in. */
const FRESH_MS = 6_000;

export const COLUMN = {
  time: "w-[76px] sm:w-[150px]",
  request: "min-w-0 flex-1",
  status: "w-[52px] sm:w-[90px]",
  ms: "w-[90px] text-right max-sm:hidden",
  cold: "w-[30px] sm:w-[120px] sm:pl-6",
};

interface Props {
  record: RequestRecord | null;
  now: number;
  open: boolean;
  /** Whether Tab leads to it; the keys lead from it to the others. */
  reached: boolean;
  onSelect: (id: string | undefined) => void;
}

export const RequestRow = memo(function RequestRow({ record, now, open, reached, onSelect }: Props) {
  if (record === null)
    return (
      <Cell className="flex-1">
        <span className="skeleton block h-3 w-full" />
      </Cell>
    );
  const fresh = Date.now() - Date.parse(record.time) < FRESH_MS && "row-enter";
  return (
    <>
      <Cell className={cn(COLUMN.time, "tnum truncate font-mono text-muted text-sm", fresh)}>
        <time dateTime={record.time} title={utc(record.time)}>
          {clock(record.time, now)}
        </time>
      </Cell>
      <Cell className={cn(COLUMN.request, fresh)}>
        <button
          id={rowId(record.id)}
          type="button"
          tabIndex={reached ? 0 : -1}
          aria-expanded={open}
          onClick={() => onSelect(open ? undefined : record.id)}
          className="flex w-full min-w-0 items-center gap-2 text-left font-mono text-sm after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
        >
          <Method method={record.method} className="shrink-0 sm:w-12" />
          <span className="truncate" title={full(record)}>
            {full(record)}
          </span>
          {record.htmx && <HtmxMark />}
        </button>
      </Cell>
      <Cell className={cn(COLUMN.status, fresh)}>
        <StatusCode status={record.status} />
      </Cell>
      <Cell className={cn(COLUMN.ms, "tnum font-mono text-sm", fresh)}>{ms(record.ms)}</Cell>
      <Cell className={cn(COLUMN.cold, "overflow-hidden", fresh)}>
        <ColdStart ms={record.cold_start_ms} brief />
      </Cell>
    </>
  );
});

/** Sent by HTMX, so the answer is a part of a page. */
function HtmxMark() {
  return (
    <span
      className="shrink-0 rounded-sm border border-line-strong px-1 font-sans text-muted text-xs"
      title="Sent by HTMX"
    >
      htmx
    </span>
  );
}

function Cell({ className, children }: { className?: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the table
    <div role="cell" className={cn("px-2 sm:px-3.5", className)}>
      {children}
    </div>
  );
}
