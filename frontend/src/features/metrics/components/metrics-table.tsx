/** The same as the charts in numbers: what was counted in each step, newest first. Only rows in sight exist. */
import { useRef } from "react";
import { VirtualRows } from "@/components/virtual-rows";
import type { AppMetrics, MetricPoint } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, ms, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { memoryOf, sleptThrough } from "../model/figures";

const ROW_PX = 32;
const CELL = "tnum flex min-w-[64px] flex-1 items-center justify-end px-2 font-mono text-sm";

const COLUMNS: [string, (point: MetricPoint) => string][] = [
  ["Requests", (point) => String(point.requests)],
  ["4xx", (point) => String(point.client_errors)],
  ["5xx", (point) => String(point.errors)],
  ["p50 ms", (point) => milliseconds(point.p50)],
  ["p95 ms", (point) => milliseconds(point.p95)],
  ["p99 ms", (point) => milliseconds(point.p99)],
  ["Cold", (point) => String(point.cold_starts)],
  ["Wakes", (point) => String(point.wakes)],
];
const MEMORY: [string, (point: MetricPoint) => string] = ["MB", (point) => memoryOf(point)?.toFixed(0) ?? "—"];

const milliseconds = (value: number | null) => (value === null ? "—" : ms(value));

export function MetricsTable({ metrics }: { metrics: AppMetrics }) {
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  const points = metrics.points.toReversed();
  const columns = points.some((point) => memoryOf(point) !== null) ? [...COLUMNS, MEMORY] : COLUMNS;
  return (
    <section
      ref={scroller}
      aria-label="Figures over time, scrollable"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[560px] overflow-auto rounded-lg border border-line bg-surface"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely */}
      <div role="table" aria-label="Figures over time" aria-rowcount={points.length + 1} className="min-w-[760px]">
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: a row does nothing */}
          <div role="row" aria-rowindex={1} className="flex h-[34px] text-muted text-sm">
            <Cell head className="flex w-[130px] shrink-0 items-center px-3.5">
              Time
            </Cell>
            {columns.map(([name]) => (
              <Cell head key={name} className="flex min-w-[64px] flex-1 items-center justify-end px-2">
                {name}
              </Cell>
            ))}
            <Cell head className="flex w-[90px] shrink-0 items-center justify-end px-3.5">
              State
            </Cell>
          </div>
        </div>
        <VirtualRows
          count={points.length}
          rowHeight={ROW_PX}
          scroller={scroller}
          offset={34}
          keyOf={(index) => points[index]?.time ?? String(index)}
        >
          {(index) => points[index] && <Row point={points[index]} now={now} columns={columns} />}
        </VirtualRows>
      </div>
    </section>
  );
}

function Row({ point, now, columns }: { point: MetricPoint; now: number; columns: typeof COLUMNS }) {
  const asleep = sleptThrough(point);
  return (
    <>
      <Cell className="tnum flex w-[130px] shrink-0 items-center px-3.5 font-mono text-muted text-sm">
        <time dateTime={point.time} title={utc(point.time)}>
          {clock(point.time, now)}
        </time>
      </Cell>
      {columns.map(([name, read]) => (
        <Cell key={name} className={cn(CELL, name === "5xx" && point.errors > 0 && "text-error")}>
          {read(point)}
        </Cell>
      ))}
      <Cell
        className={cn(
          "flex w-[90px] shrink-0 items-center justify-end px-3.5 text-sm",
          asleep ? "text-sleeping" : "text-muted",
        )}
      >
        {asleep ? "asleep" : point.awake_seconds > 0 ? "awake" : "—"}
      </Cell>
    </>
  );
}

function Cell({ head, className, children }: { head?: boolean; className: string; children: React.ReactNode }) {
  return (
    <div role={head ? "columnheader" : "cell"} className={className}>
      {children}
    </div>
  );
}
