/**
 * The log's lines in a region of their own that scrolls. Only lines in sight exist. At its end it follows; scrolled up it
 * stands still, says how many new ones there are, and gets older ones as the beginning comes near.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { EmptyNotice } from "@/components/ui/notice";
import type { App } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import type { useLog } from "../use-log";
import { LogLine } from "./log-lines";

interface Props {
  app: App;
  log: ReturnType<typeof useLog>;
  search: { q?: string; level?: string; at?: string; cut?: true };
  onNow: () => void;
}

const LINE = 22;
const NEAR_PX = 24;
const FETCH_PX = 600;

export function LogScroll({ app, log, search, onNow }: Props) {
  const { buffer, shown, state, ends, more } = log;
  const lines = shown.lines;
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  const live = search.at === undefined;
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    getItemKey: useCallback((index: number) => lines[index]?.id ?? index, [lines]),
    overscan: 20,
    anchorTo: "end",
    followOnAppend: live,
    scrollEndThreshold: NEAR_PX,
  });
  const look = useCallback(() => {
    const at = scroller.current;
    if (!at) return;
    const below = at.scrollHeight - at.scrollTop - at.clientHeight;
    if (live) buffer.pause(below > NEAR_PX);
    else if (below < FETCH_PX && !ends.newer) void more(false);
    if (at.scrollTop < FETCH_PX && !ends.older) void more(true);
  }, [buffer, live, more, ends]);
  const toEnd = useCallback(() => {
    buffer.pause(false);
    requestAnimationFrame(() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight }));
  }, [buffer]);
  // A page that its lines do not fill cannot be scrolled, so it asks for more by itself.
  const count = lines.length;
  useEffect(() => {
    if (state !== "connecting" && count >= 0) look();
  }, [state, count, look]);
  // What was jumped to begins at the top, however much older comes in before it.
  const begun = useRef(false);
  useLayoutEffect(() => {
    if (begun.current || count === 0) return;
    begun.current = true;
    if (scroller.current) scroller.current.scrollTop = live ? scroller.current.scrollHeight : 1;
  }, [count, live]);
  const filtered = Boolean(search.q || search.level);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-surface">
      {shown.passedOver > 0 && (
        <p role="status" className="border-line border-b px-3.5 py-1.5 text-muted text-sm">
          {plural(shown.passedOver, "line")} came faster than this page could take. They are stored: jump to their time,
          or download the log.
        </p>
      )}
      <div
        ref={scroller}
        role="log"
        aria-label="Logs"
        aria-live={live && shown.waiting === 0 ? "polite" : "off"}
        aria-busy={state === "connecting"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={look}
        onKeyDown={(event) => event.key === "End" && live && toEnd()}
        className="min-h-0 flex-1 overflow-auto py-1.5 font-mono text-sm leading-5 outline-offset-[-2px] [overflow-anchor:none]"
      >
        {count > 0 ? (
          <div className="relative" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((row) => {
              const line = lines[row.index];
              return (
                <div
                  key={row.key}
                  data-index={row.index}
                  ref={rows.measureElement}
                  className={cn("absolute top-0 left-0 min-w-full", search.cut ? "w-max" : "w-full")}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  {line && <LogLine line={line} now={now} words={search.q} app={app.name} cut={search.cut} />}
                </div>
              );
            })}
          </div>
        ) : state === "connecting" ? (
          <Skeleton />
        ) : (
          <EmptyNotice title={filtered ? "No line matches" : live ? "Nothing printed yet" : "Nothing since then"}>
            {filtered
              ? "Try fewer words or a lower level. New lines that match appear here by themselves."
              : "What the app prints or logs appears here by itself, also after it has slept."}
          </EmptyNotice>
        )}
      </div>
      {live && shown.waiting > 0 && (
        <Button onClick={toEnd} className="-translate-x-1/2 tnum absolute bottom-3 left-1/2 shadow-float">
          <ArrowDown aria-hidden />
          {plural(shown.waiting, "new line")}
        </Button>
      )}
      {!live && ends.newer && (
        <Button onClick={onNow} className="-translate-x-1/2 absolute bottom-3 left-1/2 shadow-float">
          <ArrowDown aria-hidden />
          Follow from here
        </Button>
      )}
    </div>
  );
}

function Skeleton() {
  return (
    <div className="flex flex-col gap-2.5 px-3.5 py-2">
      {["w-1/2", "w-2/3", "w-1/3", "w-3/4", "w-5/12", "w-2/5", "w-3/5", "w-1/4"].map((width) => (
        <div key={width} className={cn("skeleton h-3", width)} />
      ))}
    </div>
  );
}
