/** The Metrics tab: how the app does, its figures and charts, and beneath them what it failed with and what happened. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "@/components/ui/notice";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/use-now";
import { beforeQuery, metricsQuery } from "../api/metrics";
import { rangeBefore } from "../model/figures";
import type { MetricsSearch } from "../search";
import { ErrorGroups } from "./error-groups";
import { EventList } from "./event-list";
import { FiguresRow, FiguresSkeleton } from "./figures-row";
import { ChartsSkeleton, MetricsCharts } from "./metrics-charts";
import { MetricsTable } from "./metrics-table";
import { RangeBar } from "./range-bar";

interface Props {
  app: string;
  search: MetricsSearch;
  onSearch: (change: MetricsSearch) => void;
  requestLink: (request: string) => ReactNode;
}

export function MetricsPage({ app, search, onSearch, requestLink }: Props) {
  const query = useQuery(metricsQuery(app, search));
  const metrics = query.data;
  const now = useNow(60_000);
  const compared = useQuery(beforeQuery(app, metrics ? rangeBefore(metrics, now) : null));
  const live = search.to === undefined;
  const stale = query.isPlaceholderData;
  return (
    <div className="mx-auto max-w-[1400px]">
      <RangeBar metrics={metrics} search={search} onSearch={onSearch} />
      {query.isError && (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} className={metrics ? "py-4" : ""} />
      )}
      {query.isPending && (
        <>
          <FiguresSkeleton />
          <div className="mt-5">
            <ChartsSkeleton />
          </div>
        </>
      )}
      {metrics && (
        <div className={cn("transition-opacity duration-120", stale && "opacity-60")} aria-busy={stale}>
          <FiguresRow metrics={metrics} before={stale || !compared.isSuccess ? undefined : compared.data} />
          <div className="mt-5">
            {search.table ? (
              <MetricsTable metrics={metrics} />
            ) : (
              <MetricsCharts metrics={metrics} live={live} onSearch={onSearch} />
            )}
          </div>
        </div>
      )}
      <div className="mt-8 grid items-start gap-x-3 gap-y-6 lg:grid-cols-2">
        <ErrorGroups app={app} requestLink={requestLink} />
        <EventList app={app} />
      </div>
    </div>
  );
}
