/** The request list. Figures are right-aligned with the unit in the column's head; only failures get a background. */
import { Method, StatusCode } from "@/components/ui/method";
import { CELL, HEAD, RecordRow, RecordTable } from "@/components/ui/record-table";
import type { RequestRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ms } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { full } from "../model/filter";
import { ColdStart } from "./cold-start";

interface Props {
  records: readonly RequestRecord[];
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}

export function RequestTable({ records, selected, onSelect }: Props) {
  const now = useNow(60_000);
  return (
    <RecordTable label="Requests" head={<Head />}>
      {records.map((record) => (
        <RecordRow
          key={record.id}
          id={record.id}
          time={record.time}
          now={now}
          chosen={record.id === selected}
          onChoose={onSelect}
          name={<Name record={record} />}
        >
          <td className={CELL}>
            <StatusCode status={record.status} />
          </td>
          <td className={cn(CELL, "tnum text-right font-mono text-sm max-sm:hidden")}>{ms(record.ms)}</td>
          <td className={cn(CELL, "overflow-hidden")}>
            <ColdStart ms={record.cold_start_ms} />
          </td>
        </RecordRow>
      ))}
    </RecordTable>
  );
}

function Head() {
  return (
    <>
      <th className={cn(HEAD, "w-[76px] sm:w-[150px]")}>Time</th>
      <th className={HEAD}>Request</th>
      <th className={cn(HEAD, "w-[56px] sm:w-[110px]")}>Status</th>
      <th className={cn(HEAD, "w-[90px] text-right max-sm:hidden")}>ms</th>
      <th className={cn(HEAD, "w-[76px] sm:w-[130px]")}>
        Cold<span className="max-sm:sr-only"> start</span>
      </th>
    </>
  );
}

function Name({ record }: { record: RequestRecord }) {
  return (
    <>
      <Method method={record.method} className="shrink-0 sm:w-9" />
      <span className="truncate" title={full(record)}>
        {full(record)}
      </span>
    </>
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
