/** What of the fleet is shown, and in which order. The list of orders is a native one: it costs nothing at the first load. */
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import type { FleetSort } from "@/lib/apps";
import { cn } from "@/lib/cn";
import { FILTERS, type FleetCounts, type FleetFilter, readSort, SORTS } from "../fleet";

interface Props {
  counts: FleetCounts | undefined;
  filter: FleetFilter;
  sort: FleetSort;
  onFilter: (filter: FleetFilter) => void;
  onSort: (sort: FleetSort) => void;
  children?: ReactNode;
}

export function FleetBar({ counts, filter, sort, onFilter, onSort, children }: Props) {
  const shown = FILTERS.filter((name) => name !== "paused" || filter === name || (counts?.paused ?? 0) > 0);
  return (
    <div className="mt-5 mb-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <fieldset className="flex min-w-0 gap-1 overflow-x-auto" aria-label="Status">
        {shown.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === filter}
            onClick={() => onFilter(name)}
            className={cn(
              "h-[30px] shrink-0 rounded-md px-2.5 focus-visible:outline-offset-[-2px] pointer-coarse:h-11",
              name === filter ? "bg-raised font-semibold text-text" : "text-muted hover:text-text",
            )}
          >
            {name.charAt(0).toUpperCase() + name.slice(1)}
            {name === "all" && counts && " "}
            {name === "all" && counts && (
              <span className="tnum ml-1 font-normal text-muted text-sm">{counts.all.toLocaleString("en-US")}</span>
            )}
          </button>
        ))}
      </fieldset>
      <div className="flex items-center gap-1 max-sm:w-full max-sm:flex-row-reverse max-sm:justify-between">
        {children}
        <span className="relative flex items-center">
          <select
            aria-label="Sort by"
            value={sort}
            onChange={(event) => onSort(readSort(event.target.value))}
            className="h-[30px] cursor-pointer appearance-none rounded-md bg-bg pr-7 pl-2.5 text-muted hover:text-text pointer-coarse:h-11 [&>option]:bg-surface [&>option]:text-text"
          >
            {SORTS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <ChevronDown className="pointer-events-none absolute right-2 size-3.5 text-faint" aria-hidden />
        </span>
      </div>
    </div>
  );
}
