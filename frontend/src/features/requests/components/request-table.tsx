/** The request list. Figures are right-aligned with the unit in the column's head; only failures get a background. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { VirtualRows } from "@/components/virtual-rows";
import type { RequestRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/use-now";
import type { Feed, Shown } from "../model/feed";
import { COLUMN, RequestRow } from "./request-row";
import { ROW } from "./use-row-keys";

interface Props {
  feed: Feed;
  shown: Shown;
  scroller: RefObject<HTMLElement | null>;
  selected: string | undefined;
  active: string | undefined;
  onSelect: (id: string | undefined) => void;
}

export function RequestTable({ feed, shown, scroller, selected, active, onSelect }: Props) {
  const now = useNow(60_000);
  const body = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above may have changed with any of it
  useLayoutEffect(() => setOffset(body.current?.offsetTop ?? 0), [shown]);
  const keyOf = useCallback((index: number) => feed.at(index)?.id ?? `row ${index}`, [feed]);
  const onEnd = useCallback(() => void feed.older(), [feed]);
  const onSight = useCallback((first: number, last: number) => feed.keep(first, last), [feed]);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: rows that exist only while in sight are placed freely */}
      <div
        role="table"
        aria-label="Requests"
        aria-rowcount={shown.more ? -1 : shown.count + 1}
        className="overflow-hidden rounded-lg border border-line bg-surface"
      >
        <Head />
        <div ref={body} data-rows>
          <VirtualRows
            count={shown.count}
            rowHeight={ROW}
            scroller={scroller}
            offset={offset}
            keyOf={keyOf}
            onEnd={onEnd}
            onSight={onSight}
            rowClass={(index) => rowClass(feed.at(index), selected)}
          >
            {(index) => {
              const record = feed.at(index);
              const id = record?.id;
              return (
                <RequestRow
                  record={record}
                  now={now}
                  open={id !== undefined && id === selected}
                  reached={active === undefined ? index === 0 : id === active}
                  onSelect={onSelect}
                />
              );
            }}
          </VirtualRows>
        </div>
      </div>
      <p role="status" className="mt-3 text-center text-muted text-sm">
        {shown.loadingMore ? "Older requests are on their way" : shown.more ? "" : "No older requests are kept."}
      </p>
    </>
  );
}

function rowClass(record: RequestRecord | null, selected: string | undefined): string {
  return cn(
    "items-center hover:bg-raised",
    record !== null && record.id === selected && "bg-raised shadow-[inset_2px_0_var(--accent)]",
  );
}

function Head() {
  const head = "px-2 text-left font-medium text-muted text-sm sm:px-3.5";
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the table
    <div role="rowgroup">
      {/* biome-ignore lint/a11y/useSemanticElements: as the table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: what is focusable is inside */}
      <div role="row" aria-rowindex={1} className="flex h-[34px] items-center">
        <ColumnHead className={cn(head, COLUMN.time)}>Time</ColumnHead>
        <ColumnHead className={cn(head, COLUMN.request)}>Request</ColumnHead>
        <ColumnHead className={cn(head, COLUMN.status)}>Status</ColumnHead>
        <ColumnHead className={cn(head, COLUMN.ms)}>ms</ColumnHead>
        <ColumnHead className={cn(head, COLUMN.cold)}>
          <span className="max-sm:sr-only">Cold start</span>
        </ColumnHead>
      </div>
    </div>
  );
}

function ColumnHead({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the table
    // biome-ignore lint/a11y/useFocusableInteractive: there is nothing to do with it
    <div role="columnheader" className={className}>
      {children}
    </div>
  );
}

export function RequestsSkeleton() {
  return (
    <div className="rounded-lg border border-line bg-surface" aria-busy="true">
      <div className="h-[34px]" />
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((key) => (
        <div key={key} className="flex h-9 items-center gap-6 border-line border-t px-3.5">
          <div className="skeleton h-3 w-16" />
          <div className="skeleton h-3 flex-1" />
          <div className="skeleton h-3 w-8" />
        </div>
      ))}
    </div>
  );
}
