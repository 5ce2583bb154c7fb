/** The list of apps with its counts, filters and states; filter and words live in the address. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { appsQuery } from "@/lib/apps";
import { cn } from "@/lib/cn";
import { counts, FILTERS, type FleetFilter, select } from "../fleet";
import { AppsSkeleton, AppsTable } from "./apps-table";
import { FleetSummary } from "./fleet-summary";

const NONE: never[] = [];

interface Props {
  filter: FleetFilter;
  words: string;
  onFilter: (filter: FleetFilter) => void;
  onClear: () => void;
  children?: ReactNode;
}

export function Fleet({ filter, words, onFilter, onClear, children }: Props) {
  const query = useQuery(appsQuery);
  const apps = query.data ?? NONE;
  const shown = select(apps, filter, words);
  const totals = counts(apps);
  return (
    <main className="mx-auto w-full max-w-[1144px] px-3 pt-6 pb-12 sm:px-4">
      {query.data ? <FleetSummary counts={totals} /> : <div className="skeleton h-8 w-56" />}
      {children}
      <fieldset className="mt-5 mb-2 flex gap-1 overflow-x-auto" aria-label="Status">
        {FILTERS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === filter}
            onClick={() => onFilter(name)}
            className={cn(
              "h-[30px] shrink-0 rounded-md px-2.5 capitalize pointer-coarse:h-10",
              name === filter ? "bg-raised font-semibold text-text" : "text-muted hover:text-text",
            )}
          >
            {name}
            {name === "all" && query.data && (
              <span className="tnum ml-1.5 font-normal text-muted text-sm">{totals.all}</span>
            )}
          </button>
        ))}
      </fieldset>
      {query.isPending ? (
        <AppsSkeleton />
      ) : query.isError && !query.data ? (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : shown.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyNotice title="No app matches">
            <button type="button" onClick={onClear} className="text-text underline underline-offset-4">
              Show all {apps.length}
            </button>
          </EmptyNotice>
        </div>
      ) : (
        <AppsTable apps={shown} />
      )}
    </main>
  );
}
