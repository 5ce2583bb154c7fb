/** The Wakes tab's list: when, what woke the app, how long it took, how many waited, how it ended. */
import { Button } from "@/components/ui/button";
import { SunIcon } from "@/components/ui/mark";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import type { WakeRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, duration, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useWakes } from "../api/wakes";
import { cause } from "../model/waterfall";

interface Props {
  app: string;
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

const HEAD = "h-[34px] px-2 text-left font-medium text-muted text-sm sm:px-3.5";
const CELL = "h-9 px-2 sm:px-3.5";

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
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table aria-label="Wakes" className="w-full table-fixed border-collapse">
          <thead>
            <tr>
              <th className={cn(HEAD, "w-[84px] sm:w-[150px]")}>Time</th>
              <th className={HEAD}>Woken by</th>
              <th className={cn(HEAD, "w-[90px] text-right max-sm:hidden")}>Held</th>
              <th className={cn(HEAD, "w-[104px] text-right sm:w-[130px]")}>Took</th>
            </tr>
          </thead>
          <tbody>
            {query.data.map((wake) => (
              <Row key={wake.id} wake={wake} now={now} chosen={wake.id === chosen} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      </div>
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

interface RowProps {
  wake: WakeRecord;
  now: number;
  chosen: boolean;
  onChoose: Props["onChoose"];
}

function Row({ wake, now, chosen, onChoose }: RowProps) {
  return (
    <tr
      className={cn(
        "row-enter relative border-line border-t hover:bg-raised",
        chosen && "bg-raised shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      <td className={cn(CELL, "tnum truncate font-mono text-muted text-sm")}>
        <time dateTime={wake.time} title={utc(wake.time)}>
          {clock(wake.time, now)}
        </time>
      </td>
      <td className={CELL}>
        <button
          type="button"
          aria-expanded={chosen}
          onClick={() => onChoose(chosen ? undefined : wake.id)}
          className="w-full truncate text-left font-mono text-sm after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
        >
          {cause(wake)}
        </button>
      </td>
      <td className={cn(CELL, "tnum text-right font-mono text-sm max-sm:hidden")}>{wake.held}</td>
      <td className={cn(CELL, "text-right")}>
        <Outcome wake={wake} />
      </td>
    </tr>
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
