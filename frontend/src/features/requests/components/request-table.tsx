/** The request list. Figures are right-aligned with the unit in the column's head; only failures get a background. */
import { Method, StatusCode } from "@/components/ui/method";
import type { RequestRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, ms, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { full } from "../model/filter";
import { ColdStart } from "./cold-start";

interface Props {
  records: readonly RequestRecord[];
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}

const HEAD = "h-[34px] px-2 text-left font-medium text-muted text-sm sm:px-3.5";
const CELL = "h-9 px-2 sm:px-3.5";

export function RequestTable({ records, selected, onSelect }: Props) {
  const now = useNow(60_000);
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-label="Requests" className="w-full table-fixed border-collapse">
        <thead>
          <tr>
            <th className={cn(HEAD, "w-[76px] sm:w-[150px]")}>Time</th>
            <th className={HEAD}>Request</th>
            <th className={cn(HEAD, "w-[56px] sm:w-[110px]")}>Status</th>
            <th className={cn(HEAD, "w-[90px] text-right max-sm:hidden")}>ms</th>
            <th className={cn(HEAD, "w-[76px] sm:w-[130px]")}>
              Cold<span className="max-sm:sr-only"> start</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row key={record.id} record={record} now={now} chosen={record.id === selected} onSelect={onSelect} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  record: RequestRecord;
  now: number;
  chosen: boolean;
  onSelect: Props["onSelect"];
}

function Row({ record, now, chosen, onSelect }: RowProps) {
  return (
    <tr
      className={cn(
        "row-enter relative border-line border-t hover:bg-raised",
        chosen && "bg-raised shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      <td className={cn(CELL, "tnum truncate font-mono text-muted text-sm")}>
        <time dateTime={record.time} title={utc(record.time)}>
          {clock(record.time, now)}
        </time>
      </td>
      <td className={CELL}>
        <button
          type="button"
          aria-expanded={chosen}
          onClick={() => onSelect(chosen ? undefined : record.id)}
          className="flex w-full min-w-0 items-center gap-2 text-left after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
        >
          <Method method={record.method} className="shrink-0 sm:w-9" />
          <span className="truncate font-mono text-sm" title={full(record)}>
            {full(record)}
          </span>
        </button>
      </td>
      <td className={CELL}>
        <StatusCode status={record.status} />
      </td>
      <td className={cn(CELL, "tnum text-right font-mono text-sm max-sm:hidden")}>{ms(record.ms)}</td>
      <td className={cn(CELL, "overflow-hidden")}>
        <ColdStart ms={record.cold_start_ms} />
      </td>
    </tr>
  );
}

export function RequestsSkeleton() {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div className="h-[34px]" />
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((key) => (
        <div key={key} className="flex h-9 items-center gap-6 border-line border-t px-3.5">
          <div className="skeleton h-3 w-16" />
          <div className="skeleton h-3 flex-1" />
          <div className="skeleton h-3 w-8" />
        </div>
      ))}
    </div>
  );
}
