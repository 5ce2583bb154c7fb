/** The rows of the fleet: only those in sight exist, whatever the number; until one has come, its shape stands there. */
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { VirtualRows } from "@/components/virtual-rows";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/use-now";
import type { Fleet } from "../use-fleet";
import { useListKeys } from "../use-list-keys";
import type { KeyVerb } from "../verbs";
import { AppRow, COLUMNS, RowSkeleton } from "./app-row";
import type { RowVerb } from "./row-menu";

const ROW = 56;

interface Props {
  fleet: Fleet;
  total: number;
  me: string;
  scroller: RefObject<HTMLDivElement | null>;
  onVerb: (verb: RowVerb | KeyVerb, index: number) => void;
}

export function AppsTable({ fleet, total, me, scroller, onVerb }: Props) {
  const now = useNow(5_000);
  const rows = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  // What is above the rows has no fixed height: counts may wrap, a failure may be told. The rows' own height is fixed.
  useLayoutEffect(() => {
    const box = scroller.current;
    const whole = box?.firstElementChild;
    if (!box || !whole) return;
    const measure = () => {
      const top = (rows.current?.getBoundingClientRect().top ?? 0) - box.getBoundingClientRect().top;
      setOffset(Math.round(top + box.scrollTop));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(whole);
    return () => observer.disconnect();
  }, [scroller]);
  useListKeys({ scroller, offset, rowHeight: ROW, total, row: fleet.row, onVerb });
  return (
    <Frame count={total}>
      <div ref={rows}>
        <VirtualRows
          count={total}
          rowHeight={ROW}
          scroller={scroller}
          offset={offset}
          keyOf={fleet.keyOf}
          onSight={fleet.see}
        >
          {(index) => {
            const row = fleet.row(index);
            return row ? <AppRow row={row} index={index} now={now} me={me} onVerb={onVerb} /> : <RowSkeleton />;
          }}
        </VirtualRows>
      </div>
    </Frame>
  );
}

function Frame({ count, children }: { count: number; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
    <div
      role="table"
      aria-label="Apps"
      aria-rowcount={count + 1}
      className="overflow-clip rounded-lg border border-line bg-surface"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: nothing here can be pressed */}
        <div role="row" aria-rowindex={1} className={cn(COLUMNS, "h-[34px] font-medium text-muted text-sm")}>
          <Head>App</Head>
          <Head>Status</Head>
          <Head className="max-md:hidden">Last 24 h</Head>
          <Head className="text-right max-md:hidden">Requests</Head>
          <Head className="text-right max-lg:hidden">p95 ms</Head>
          <Head className="text-right max-sm:hidden">Last request</Head>
          <Head>
            <span className="sr-only">Actions</span>
          </Head>
        </div>
      </div>
      {children}
    </div>
  );
}

function Head({ className, children }: { className?: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div role="columnheader" className={className}>
      {children}
    </div>
  );
}

const SHAPES = ["a", "b", "c", "d", "e"];

export function AppsSkeleton() {
  return (
    <div className="overflow-clip rounded-lg border border-line bg-surface" aria-hidden>
      <div className="h-[34px]" />
      {SHAPES.map((key) => (
        <div key={key} className="h-14 border-line border-t">
          <RowSkeleton />
        </div>
      ))}
    </div>
  );
}
