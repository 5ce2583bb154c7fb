/** One row an app: what it is called, how it is, what it did in a day, when it last answered. The whole row opens it. */
import { memo, type ReactNode } from "react";
import { StatusPill } from "@/components/ui/status-pill";
import type { FleetRow } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ago, host, utc } from "@/lib/format";
import { RowMenu, type RowVerb } from "./row-menu";
import { Sparkline } from "./sparkline";

/** The same columns in the head, in each row and in its skeleton; on a narrow screen figures go, meaning stays. */
export const COLUMNS = cn(
  "grid w-full items-center gap-x-2 pr-1.5 pl-3 sm:gap-x-4 sm:pr-2 sm:pl-3.5",
  "grid-cols-[minmax(0,1fr)_94px_32px] pointer-coarse:grid-cols-[minmax(0,1fr)_94px_44px]",
  "sm:grid-cols-[minmax(0,1fr)_104px_84px_40px]",
  "md:grid-cols-[minmax(0,1fr)_104px_112px_76px_92px_40px]",
  "lg:grid-cols-[minmax(0,1fr)_110px_148px_104px_72px_104px_40px]",
);

interface Props {
  row: FleetRow;
  index: number;
  now: number;
  /** Whoever looks: an administrator sees whose the others' apps are. */
  me: string;
  onVerb: (verb: RowVerb, index: number) => void;
}

export const AppRow = memo(function AppRow({ row, index, now, me, onVerb }: Props) {
  const { app } = row;
  const owner = app.owner === me ? "" : `${app.owner} · `;
  return (
    <div className={cn(COLUMNS, "relative h-full focus-within:bg-raised hover:bg-raised")}>
      <Cell className="min-w-0">
        {/* Not the router's link: dozens of them come and go with each turn of a wheel, and each would watch the address. */}
        <a
          href={`/apps/${app.name}${app.status === "draft" ? "/edit" : ""}`}
          data-index={index}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
            event.preventDefault();
            onVerb(app.status === "draft" ? "edit" : "open", index);
          }}
          title={app.name}
          className="block truncate font-semibold text-lg tracking-[-0.01em] after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
        >
          {app.name}
        </a>
        <p className="truncate font-mono text-muted text-xs max-sm:hidden">
          {owner}
          {app.version === null ? "not deployed yet" : host(app.url)}
        </p>
        <p className="tnum truncate text-muted text-sm sm:hidden">
          {owner}
          {app.last_request_at ? ago(app.last_request_at, now) : "no request yet"}
        </p>
      </Cell>
      <Cell>
        <StatusPill status={app.status} />
      </Cell>
      <Cell className="max-md:hidden">
        <Sparkline bars={row.bars} />
      </Cell>
      <Cell className="tnum text-right max-md:hidden">{row.requests.toLocaleString("en-US")}</Cell>
      <Cell className="tnum text-right max-lg:hidden">
        {row.p95 === null ? "—" : Math.round(row.p95).toLocaleString("en-US")}
      </Cell>
      <Cell className="tnum truncate text-right text-muted max-sm:hidden">
        {app.last_request_at ? (
          <time dateTime={app.last_request_at} title={utc(app.last_request_at)}>
            {ago(app.last_request_at, now)}
          </time>
        ) : (
          "—"
        )}
      </Cell>
      <Cell className="relative justify-self-end">
        <RowMenu app={app} onVerb={(verb) => onVerb(verb, index)} />
      </Cell>
    </div>
  );
});

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
    <div role="cell" className={className}>
      {children}
    </div>
  );
}

export function RowSkeleton() {
  return (
    <div className={cn(COLUMNS, "h-full")} aria-hidden>
      <div>
        <div className="skeleton h-3.5 w-28 max-w-full" />
        <div className="skeleton mt-2 h-2.5 w-44 max-w-full" />
      </div>
      <div className="skeleton h-[22px] w-20 rounded-full" />
      <div className="skeleton h-4 w-24 max-md:hidden" />
      <div className="skeleton ml-auto h-3 w-10 max-md:hidden" />
      <div className="skeleton ml-auto h-3 w-8 max-lg:hidden" />
      <div className="skeleton ml-auto h-3 w-16 max-sm:hidden" />
    </div>
  );
}
