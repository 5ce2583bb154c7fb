/**
 * A chart over time. Pointing at it, or moving through it with the arrow keys, tells the values of one step; charts that
 * share `at` point at the same one. The canvas comes with a chunk of its own, its place is kept until then.
 */
import { type KeyboardEvent, lazy, Suspense, useState } from "react";
import { type ChartFigure, endOf, isEmpty, stepTo, type Timeline, tell, timeWord, valueWord } from "@/lib/chart";
import { cn } from "@/lib/cn";

const ChartCanvas = lazy(async () => ({ default: (await import("./chart-canvas")).ChartCanvas }));

interface Props {
  timeline: Timeline;
  figure: ChartFigure;
  at: number | null;
  onAt: (index: number | null) => void;
  /** Called with seconds when somebody draws over a part of it. */
  onZoom?: (since: number, until: number) => void;
  className?: string;
}

export function Chart({ timeline, figure, at, onAt, onZoom, className }: Props) {
  const [told, setTold] = useState("");
  const count = timeline.times.length;
  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape") onAt(null);
    const next = stepTo(event.key, at, count);
    if (next === undefined) return;
    event.preventDefault();
    onAt(next);
    setTold(tell(timeline, figure, next));
  };
  const now = at === null ? count - 1 : Math.min(at, count - 1);
  const time = timeline.times[now];
  return (
    <figure className={cn("min-w-0 rounded-lg border border-line bg-surface px-3.5 pt-3 pb-1.5", className)}>
      <Legend timeline={timeline} figure={figure} at={at} />
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${figure.title} over time; arrow keys read it`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={Math.max(0, now)}
        aria-valuetext={time === undefined ? "nothing" : timeWord(time, endOf(timeline) - timeline.since)}
        onKeyDown={move}
        onBlur={() => onAt(null)}
        className="relative h-[176px] rounded-sm"
      >
        {isEmpty(figure) && (
          <p className="pointer-events-none absolute inset-x-0 top-[62px] z-[1] text-center text-muted text-sm">
            None in this time
          </p>
        )}
        <Suspense fallback={<div className="skeleton h-[150px]" />}>
          <ChartCanvas {...{ timeline, figure, at, onAt, onZoom }} />
        </Suspense>
      </div>
      <p role="status" className="sr-only">
        {told}
      </p>
    </figure>
  );
}

function Legend({ timeline, figure, at }: Pick<Props, "timeline" | "figure" | "at">) {
  const time = at === null ? undefined : timeline.times[at];
  return (
    <figcaption className="flex min-h-[38px] flex-wrap items-baseline gap-x-3.5 gap-y-0.5 text-sm">
      <span className="text-base">
        <span className="font-semibold">{figure.title}</span> <span className="text-muted text-sm">{figure.unit}</span>
      </span>
      <span className="ml-auto flex flex-wrap items-baseline gap-x-3.5">
        {time !== undefined && (
          <span className="tnum text-muted">{timeWord(time, endOf(timeline) - timeline.since)}</span>
        )}
        {figure.series.map(({ label, colour, values }) => (
          <span key={label} className="flex items-center gap-1.5 text-muted">
            <span className={cn("size-2 rounded-[2px]", SWATCH[colour])} aria-hidden />
            {label}
            {time !== undefined && at !== null && (
              <span className="tnum font-medium text-text">{valueWord(figure, values[at])}</span>
            )}
          </span>
        ))}
        {at !== null && timeline.asleep[at] && <span className="text-sleeping">asleep</span>}
      </span>
    </figcaption>
  );
}

const SWATCH = {
  accent: "bg-accent",
  muted: "bg-muted",
  error: "bg-error",
  running: "bg-running",
  deploying: "bg-deploying",
  waking: "bg-waking",
  sleeping: "bg-sleeping",
  kw: "bg-(--kw)",
};
