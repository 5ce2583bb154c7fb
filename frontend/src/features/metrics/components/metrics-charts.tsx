/** The charts of one range, pointed at together; drawing over a part of one looks closer at that time. */
import { useMemo, useState } from "react";
import { Chart } from "@/components/chart";
import type { AppMetrics } from "@/lib/api/types";
import { chartsOf, timelineOf } from "../model/figures";
import type { MetricsSearch } from "../search";

interface Props {
  metrics: AppMetrics;
  live: boolean;
  onSearch: (change: MetricsSearch) => void;
}

/** Shorter than five steps there is nothing more to see. */
const LEAST_SECONDS = 300;

export function MetricsCharts({ metrics, live, onSearch }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const timeline = useMemo(() => timelineOf(metrics, live), [metrics, live]);
  const charts = useMemo(() => chartsOf(metrics), [metrics]);
  const zoom = (since: number, until: number) => {
    const middle = (since + until) / 2;
    const half = Math.max(until - since, LEAST_SECONDS) / 2;
    const time = (seconds: number) => new Date(Math.round(seconds) * 1000).toISOString();
    onSearch({
      from: time(Math.max(middle - half, timeline.since)),
      to: time(Math.min(middle + half, timeline.until)),
    });
  };
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      {charts.map((figure, index) => (
        <Chart
          key={figure.id}
          timeline={timeline}
          figure={figure}
          at={at}
          onAt={setAt}
          onZoom={zoom}
          className={index === 0 || (charts.length % 2 === 0 && index === charts.length - 1) ? "lg:col-span-2" : ""}
        />
      ))}
      <p className="text-muted text-sm lg:col-span-2">
        <span className="mr-1.5 inline-block h-[3px] w-4 rounded-full bg-sleeping align-middle" aria-hidden />
        asleep. Draw over a part of a chart to look closer.
      </p>
    </div>
  );
}

export function ChartsSkeleton() {
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      {["lg:col-span-2", "", "", "lg:col-span-2"].map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change
        <div key={index} className={`h-[234px] rounded-lg border border-line bg-surface p-3.5 ${span}`}>
          <div className="skeleton h-4 w-28" />
          <div className="skeleton mt-5 h-[150px]" />
        </div>
      ))}
    </div>
  );
}
