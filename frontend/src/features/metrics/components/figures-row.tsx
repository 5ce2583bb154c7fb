/** The figures of the whole range, each with how it changed from the range before. */
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import type { AppMetrics, MetricTotals } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ms } from "@/lib/format";
import { hours, memoryOf, percent, type Trend, trend, watchedHours } from "../model/figures";

interface Props {
  metrics: AppMetrics;
  before: MetricTotals | undefined;
}

export function FiguresRow({ metrics, before }: Props) {
  const { totals } = metrics;
  const watched = watchedHours(totals);
  const measured = metrics.points.map(memoryOf).filter((value) => value !== null);
  return (
    <dl aria-label="Figures" className="flex flex-wrap gap-x-9 gap-y-4 max-sm:grid max-sm:grid-cols-2 max-sm:gap-x-4">
      <Figure
        name="Requests"
        value={totals.requests.toLocaleString("en-US")}
        trend={trend(totals.requests, before?.requests)}
      />
      <Figure
        name="Errors"
        value={`${percent(totals.error_share)} %`}
        bad={totals.errors > 0}
        note={`${totals.errors.toLocaleString("en-US")} of ${totals.requests.toLocaleString("en-US")}`}
        trend={before?.requests ? trend(totals.error_share, before.error_share) : null}
        worse
      />
      <Figure
        name="p50 / p95 / p99"
        value={[totals.p50, totals.p95, totals.p99].map((one) => (one === null ? "—" : ms(one))).join(" / ")}
        note="ms"
        of="p95"
        trend={trend(totals.p95, before?.p95)}
      />
      <Figure
        name="Wakes"
        value={totals.wakes.toLocaleString("en-US")}
        note={wakeNote(totals)}
        trend={trend(totals.wakes, before?.wakes)}
      />
      <Figure
        name="Asleep"
        value={totals.asleep_hours === null ? "—" : hours(totals.asleep_hours)}
        note={watched === null ? "not known yet" : `of ${hours(watched)}`}
        trend={before ? trend(totals.asleep_hours, before.asleep_hours) : null}
      />
      {measured.length > 0 && (
        <Figure name="Memory" value={String(Math.round(Math.max(...measured)))} note="MB at most" trend={null} />
      )}
    </dl>
  );
}

function wakeNote({ wakes_failed, wake_p95 }: MetricTotals): ReactNode {
  if (wakes_failed > 0) return <span className="text-error">{wakes_failed.toLocaleString("en-US")} failed</span>;
  return wake_p95 === null ? "" : `p95 ${ms(wake_p95)} ms`;
}

interface FigureProps {
  name: string;
  value: string;
  note?: ReactNode;
  trend: Trend | null;
  bad?: boolean;
  /** More of it is worse. */
  worse?: boolean;
  /** What changed, where the figure is more than one. */
  of?: string;
}

function Figure({ name, value, note, trend: change, bad, worse, of }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-1.5 whitespace-nowrap">
        <span className={cn("tnum font-semibold text-xl tracking-[-0.02em]", bad && "text-error")}>{value}</span>
        {note && <span className="tnum text-muted text-sm">{note}</span>}
      </dd>
      <dd className="min-h-[17px] text-sm">
        {change && of && <span className="mr-1 text-muted">{of}</span>}
        {change && <Change change={change} worse={worse} />}
      </dd>
    </div>
  );
}

function Change({ change, worse }: { change: Trend; worse?: boolean }) {
  if (change.direction === "same") return <span className="text-muted">no change</span>;
  const up = change.direction === "up";
  const Arrow = up ? ArrowUp : ArrowDown;
  const colour = worse ? (up ? "text-error" : "text-running") : "text-muted";
  return (
    <span
      className={cn("tnum inline-flex items-center gap-0.5", colour)}
      title="Against the same length of time before"
    >
      <Arrow className="size-3.5" aria-hidden />
      <span className="sr-only">{up ? "up" : "down"}</span>
      {change.word}
    </span>
  );
}

export function FiguresSkeleton() {
  return (
    <div className="flex flex-wrap gap-x-9 gap-y-4 max-sm:grid max-sm:grid-cols-2">
      {["Requests", "Errors", "p50 / p95 / p99", "Wakes", "Asleep"].map((name) => (
        <div key={name}>
          <p className="text-muted">{name}</p>
          <div className="skeleton mt-1 h-5 w-20" />
          <div className="h-[17px]" />
        </div>
      ))}
    </div>
  );
}
