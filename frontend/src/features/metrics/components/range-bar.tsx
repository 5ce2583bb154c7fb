/** How the app does in one word, which time is looked at, and whether as charts or as a table. */
import { Table2, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { AppMetrics } from "@/lib/api/types";
import { timeWord } from "@/lib/chart";
import { cn } from "@/lib/cn";
import { sentence } from "@/lib/format";
import { DEFAULT_RANGE, type MetricsSearch, RANGES } from "../search";

interface Props {
  metrics: AppMetrics | undefined;
  search: MetricsSearch;
  onSearch: (change: MetricsSearch) => void;
}

const WORDS: Record<string, string> = { "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 days", "30d": "30 days" };

export function RangeBar({ metrics, search, onSearch }: Props) {
  const zoomed = search.from !== undefined && search.to !== undefined;
  const chosen = zoomed ? undefined : (search.range ?? DEFAULT_RANGE);
  return (
    <div className="mb-5 flex flex-wrap items-center gap-2">
      <fieldset className="flex rounded-md border border-line-strong bg-surface p-0.5">
        <legend className="sr-only">Time shown</legend>
        {RANGES.map((range) => (
          <button
            key={range}
            type="button"
            aria-pressed={range === chosen}
            onClick={() =>
              onSearch({ range: range === DEFAULT_RANGE ? undefined : range, from: undefined, to: undefined })
            }
            className={cn(
              "h-[26px] rounded-[6px] px-2.5 text-muted hover:text-text pointer-coarse:h-10",
              range === chosen && "bg-raised font-medium text-text",
            )}
          >
            {WORDS[range]}
          </button>
        ))}
      </fieldset>
      {zoomed && (
        <Button onClick={() => onSearch({ from: undefined, to: undefined })} title="Back to the range">
          <span className="tnum">{between(search.from, search.to)}</span>
          <X aria-hidden />
          <span className="sr-only">Back to the range</span>
        </Button>
      )}
      <Button
        aria-pressed={search.table === true}
        className={cn("font-medium", search.table ? "border-accent" : "text-muted")}
        onClick={() => onSearch({ table: search.table ? undefined : true })}
      >
        <Table2 aria-hidden />
        Table
      </Button>
      {metrics && <Health {...metrics.health} />}
    </div>
  );
}

function between(from: string | undefined, to: string | undefined): string {
  const [since, until] = [Date.parse(from ?? "") / 1000, Date.parse(to ?? "") / 1000];
  const long = 2 * 86_400;
  return `${timeWord(since, long)} – ${timeWord(until, until - since > 43_200 ? long : 0)}`;
}

const HEALTH: Record<AppMetrics["health"]["word"], string> = {
  healthy: "bg-running-bg text-running",
  degraded: "bg-waking-bg text-waking",
  failing: "bg-error-bg text-error",
  idle: "bg-sleeping-bg text-sleeping",
  unknown: "bg-draft-bg text-muted",
};

function Health({ word, reason }: AppMetrics["health"]) {
  return (
    <p className="flex min-w-0 items-center gap-2 sm:ml-auto">
      <span
        className={cn(
          "inline-flex h-[22px] shrink-0 items-center gap-1.5 rounded-full px-2 font-medium text-sm capitalize",
          HEALTH[word],
        )}
      >
        <span className="size-1.5 rounded-full bg-current" aria-hidden />
        {word}
      </span>
      <span className="inline-block text-muted text-sm first-letter:uppercase">{sentence(reason)}</span>
    </p>
  );
}
