/** The five figures that matter today, and the last day as a chart in which sleep can be seen. */
import type { ReactNode } from "react";
import { explain } from "@/lib/api/problem";
import { cn } from "@/lib/cn";
import { useLastDay, useToday } from "../api/figures";
import { hours } from "../model/bars";
import { DayChart } from "./day-chart";

export function Figures({ app }: { app: string }) {
  const today = useToday(app);
  const day = useLastDay(app);
  const totals = today.data?.totals;
  if (today.isError && !totals) return <p className="mb-5 text-error text-sm">{explain(today.error)}</p>;
  return (
    <div className="mb-5 flex flex-wrap items-end gap-x-8 gap-y-4">
      <dl className="flex flex-wrap gap-x-7 gap-y-3 max-sm:grid max-sm:w-full max-sm:grid-cols-3 max-sm:gap-x-4">
        <Figure name="Requests" value={totals?.requests.toLocaleString("en-US")} note="today" />
        <Figure
          name="Errors"
          title="Answers of 500 and above"
          bad={(totals?.errors ?? 0) > 0}
          value={totals && `${share(totals.errors, totals.requests)} %`}
          note={totals && `${totals.errors.toLocaleString("en-US")} of ${totals.requests.toLocaleString("en-US")}`}
        />
        <Figure
          name="p50 / p95"
          title="Half and 95 of 100 requests were answered within"
          value={totals && `${rounded(totals.p50)} / ${rounded(totals.p95)}`}
          note="ms"
        />
        <Figure
          name="Wakes"
          value={totals?.wakes.toLocaleString("en-US")}
          note={totals && totals.wake_p95 !== null ? `p95 ${rounded(totals.wake_p95)} ms` : ""}
        />
        <Figure
          name="Asleep"
          value={totals && (totals.asleep_hours === null ? "—" : hours(totals.asleep_hours))}
          note={totals && totals.asleep_hours !== null ? `of ${hours(totals.asleep_hours + totals.awake_hours)}` : ""}
        />
      </dl>
      <div className="min-w-[220px] flex-1">
        {day.data ? <DayChart metrics={day.data} /> : <div className="skeleton h-[56px]" />}
      </div>
    </div>
  );
}

interface FigureProps {
  name: string;
  title?: string;
  value: string | undefined;
  note: ReactNode;
  bad?: boolean;
}

function Figure({ name, title, value, note, bad }: FigureProps) {
  return (
    <div title={title}>
      <dt className="text-muted text-sm">{name}</dt>
      <dd className="tnum flex h-[26px] items-baseline gap-1.5 whitespace-nowrap">
        {value === undefined ? (
          <span className="skeleton mt-1 h-5 w-16" />
        ) : (
          <>
            <strong className={cn("font-semibold text-xl tracking-[-0.02em] max-sm:text-[17px]", bad && "text-error")}>
              {value}
            </strong>
            <span className="text-muted text-sm max-sm:hidden">{note}</span>
          </>
        )}
      </dd>
    </div>
  );
}

function share(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0";
  const percent = (part / whole) * 100;
  return percent < 10 ? Math.max(percent, 0.1).toFixed(1) : percent.toFixed(0);
}

/** Milliseconds without a fraction, but for what is below ten. */
function rounded(ms: number | null): string {
  if (ms === null) return "—";
  return ms < 9.95 ? ms.toFixed(1).replace(".0", "") : Math.round(ms).toLocaleString("en-US");
}
