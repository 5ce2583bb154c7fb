/** The list of apps with its counts, filters and states. What is asked for lives in the address; verbs act on rows. */
import type { ReactNode } from "react";
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import type { FleetSort } from "@/lib/apps";
import { useAct, type Verb } from "../api/actions";
import { type FleetFilter, groupCounts, statusesOf } from "../fleet";
import { useFleet } from "../use-fleet";
import type { KeyVerb } from "../verbs";
import type { Asking } from "./app-dialogs";
import { AppsSkeleton, AppsTable } from "./apps-table";
import { FleetBar } from "./fleet-bar";
import { FleetSummary } from "./fleet-summary";
import type { RowVerb } from "./row-menu";

const AppDialog = lazy(async () => ({ default: (await import("./app-dialogs")).AppDialog }));

interface Props {
  filter: FleetFilter;
  words: string;
  sort: FleetSort;
  /** The caller's username. */
  me: string;
  onFilter: (filter: FleetFilter) => void;
  onSort: (sort: FleetSort) => void;
  onClear: () => void;
  /** Goes to the app, or to its code. */
  onGo: (app: App, where: "open" | "edit") => void;
  /** In place of the list where there is no app at all. */
  empty: ReactNode;
  /** At the right of the bar. */
  aside?: ReactNode;
  /** Between the counts and the bar. */
  children?: ReactNode;
}

export function Fleet({ filter, words, sort, me, onFilter, onSort, onClear, onGo, empty, aside, children }: Props) {
  const fleet = useFleet({ q: words || undefined, status: statusesOf(filter), sort });
  const scroller = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState<Asking>();
  const act = useAct();
  const counts = fleet.counts && groupCounts(fleet.counts);
  const latest = useRef({ row: fleet.row, mutate: act.mutate, onGo });
  latest.current = { row: fleet.row, mutate: act.mutate, onGo };
  const onVerb = useCallback((verb: RowVerb | KeyVerb, index: number) => {
    const { row, mutate, onGo } = latest.current;
    const app = row(index)?.app;
    if (!app) return;
    if (verb === "open" || verb === "edit") onGo(app, verb);
    else if (verb === "visit") window.open(app.url, "_blank", "noreferrer");
    else if (verb === "rename" || verb === "clone" || verb === "delete") setAsking({ what: verb, app });
    else mutate({ app, verb: verb satisfies Verb });
  }, []);
  if (counts?.all === 0) return empty;
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <main className="mx-auto w-full max-w-[1144px] px-3 pt-6 pb-12 sm:px-4">
        <FleetSummary counts={counts} />
        {children}
        <FleetBar counts={counts} filter={filter} sort={sort} onFilter={onFilter} onSort={onSort}>
          {aside}
        </FleetBar>
        {act.error && (
          <p role="alert" className="mb-2 rounded-md bg-error-bg px-3 py-2 text-error">
            {act.variables?.app.name}: {explain(act.error)}
          </p>
        )}
        {fleet.total === undefined && fleet.error ? (
          <ErrorNotice error={fleet.error} onRetry={fleet.retry} />
        ) : fleet.total === undefined ? (
          <AppsSkeleton />
        ) : fleet.total === 0 ? (
          <div className="rounded-lg border border-line bg-surface">
            <EmptyNotice title="No app matches">
              <button
                type="button"
                onClick={onClear}
                className="text-text underline underline-offset-4 pointer-coarse:p-3"
              >
                Show all {counts?.all.toLocaleString("en-US")}
              </button>
            </EmptyNotice>
          </div>
        ) : (
          <AppsTable fleet={fleet} total={fleet.total} me={me} scroller={scroller} onVerb={onVerb} />
        )}
      </main>
      {asking && (
        <Suspense>
          <AppDialog asking={asking} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
