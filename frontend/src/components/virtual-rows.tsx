/**
 * Rows of one height, of which only those in sight exist: 10,000 apps or 100,000 requests scroll like twenty. The parent
 * gives the scrolling element; the rows tell assistive technology their place in the whole (`aria-rowindex`).
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect } from "react";
import { cn } from "@/lib/cn";

interface Props {
  count: number;
  /** Pixels of one row. */
  rowHeight: number;
  scroller: RefObject<HTMLElement | null>;
  /** Pixels above the first row within the scroller. */
  offset?: number;
  /** Keeps a row's identity when others come in before it. */
  keyOf: (index: number) => string;
  children: (index: number) => ReactNode;
  /** More classes of a row: chosen, failed. */
  rowClass?: (index: number) => string | undefined;
  /** Told which rows are in sight, to fetch them and to let go of others. */
  onSight?: (first: number, last: number) => void;
  /** Called when the last rows come into sight, to fetch more. */
  onEnd?: () => void;
}

export function VirtualRows({
  count,
  rowHeight,
  scroller,
  offset = 0,
  keyOf,
  children,
  rowClass,
  onSight,
  onEnd,
}: Props) {
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: offset,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (count > 0 && last >= count - 20) onEnd?.();
  }, [last, count, onEnd]);
  useEffect(() => onSight?.(first, last), [first, last, onSight]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
    <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
      {shown.map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: what is focusable is inside
        <div
          key={row.key}
          role="row"
          aria-rowindex={row.index + 2}
          className={cn("absolute inset-x-0 top-0 flex items-stretch border-line border-t", rowClass?.(row.index))}
          style={{ height: row.size, transform: `translateY(${row.start - offset}px)` }}
        >
          {children(row.index)}
        </div>
      ))}
    </div>
  );
}
