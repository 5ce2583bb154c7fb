/** The Wakes tab's list: when, what woke the app, how long it took, how many waited, how it ended. */
import { Button } from "@/components/ui/button";
import { SunIcon } from "@/components/ui/mark";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { CELL, HEAD, RecordRow, RecordTable } from "@/components/ui/record-table";
import type { WakeRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { duration } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useWakes } from "../api/wakes";
import { startOf } from "../model/imports";
import { cause } from "../model/waterfall";
import { WakeSummary } from "./wake-summary";

interface Props {
  app: string;
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

export function WakeList({ app, chosen, onChoose }: Props) {
  const query = useWakes(app);
  const now = useNow(60_000);
  if (query.isPending) return <Skeleton />;
  if (query.isError && !query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <EmptyNotice title="No wakes yet">
          An app falls asleep when nobody uses it, and the next request wakes it. What that cost is shown here.
        </EmptyNotice>
      </div>
    );
  return (
    <>
      <WakeSummary app={app} wakes={query.data} />
      <RecordTable label="Wakes" head={<Head />}>
        {query.data.map((wake) => (
          <RecordRow
            key={wake.id}
            id={wake.id}
            time={wake.time}
            now={now}
            chosen={wake.id === chosen}
            onChoose={onChoose}
            name={<span className="truncate">{cause(wake)}</span>}
          >
            <td className={cn(CELL, "truncate text-muted text-sm max-md:hidden")}>{startOf(wake)}</td>
            <td className={cn(CELL, "tnum text-right font-mono text-sm max-sm:hidden")}>{wake.held}</td>
            <td className={cn(CELL, "text-right")}>
              <Outcome wake={wake} />
            </td>
          </RecordRow>
        ))}
      </RecordTable>
      {query.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Older wakes
          </Button>
        </div>
      )}
    </>
  );
}

function Head() {
  return (
    <>
      <th className={cn(HEAD, "w-[84px] sm:w-[150px]")}>Time</th>
      <th className={HEAD}>Woken by</th>
      <th className={cn(HEAD, "w-[190px] max-md:hidden")}>How</th>
      <th className={cn(HEAD, "w-[90px] text-right max-sm:hidden")}>Held</th>
      <th className={cn(HEAD, "w-[104px] text-right sm:w-[130px]")}>Took</th>
    </>
  );
}

function Outcome({ wake }: { wake: WakeRecord }) {
  if (wake.outcome !== "ready")
    return <span className="rounded-sm bg-error-bg px-1.5 py-0.5 font-medium text-error text-sm">{wake.outcome}</span>;
  return (
    <span className="tnum inline-flex items-center gap-1.5 whitespace-nowrap text-sm text-waking">
      <SunIcon />
      {duration(wake.ms)}
    </span>
  );
}

function Skeleton() {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div className="h-[34px]" />
      {["a", "b", "c", "d"].map((key) => (
        <div key={key} className="flex h-9 items-center gap-6 border-line border-t px-3.5">
          <div className="skeleton h-3 w-16" />
          <div className="skeleton h-3 flex-1" />
          <div className="skeleton h-3 w-10" />
        </div>
      ))}
    </div>
  );
}
