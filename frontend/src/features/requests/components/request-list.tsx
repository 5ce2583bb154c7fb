/** The Requests tab's list: figures, the filter, and the table, which is live while its top is in sight. */
import { CircleAlert } from "lucide-react";
import { type ReactNode, useCallback, useRef } from "react";
import { LiveMark } from "@/components/live-mark";
import { TimeJump } from "@/components/time-jump";
import { Button } from "@/components/ui/button";
import { SunIcon } from "@/components/ui/mark";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { cn } from "@/lib/cn";
import { useFeed } from "../api/use-feed";
import { hasTerm, parseFilter, toggleTerm } from "../model/filter";
import { Figures } from "./figures";
import { FilterBox } from "./filter-box";
import { RequestsSkeleton, RequestTable } from "./request-table";
import { useRowKeys } from "./use-row-keys";

export interface RequestSearch {
  q?: string;
  until?: string;
  request?: string;
}

interface Props {
  app: string;
  /** Where the app answers; null before its first deploy. */
  url: string | null;
  search: RequestSearch;
  onSearch: (change: RequestSearch) => void;
}

/** Further down than this somebody reads, and nothing may move. */
const READING_PX = 60;

export function RequestList({ app, url, search, onSearch }: Props) {
  const words = search.q ?? "";
  const { feed, shown } = useFeed(app, parseFilter(words).query, search.until);
  const scroller = useRef<HTMLDivElement>(null);
  const choose = useCallback((request: string | undefined) => onSearch({ request }), [onSearch]);
  const keys = useRowKeys({ feed, scroller, chosen: search.request, onChoose: choose });
  const filtered = Boolean(words || search.until);
  const toTop = () => {
    scroller.current?.scrollTo({ top: 0 });
    feed.pause(false);
  };
  return (
    <div
      ref={scroller}
      onScroll={(event) => feed.pause(event.currentTarget.scrollTop > READING_PX)}
      className="relative h-full overflow-y-auto px-3 pt-4 pb-10 [overflow-anchor:none] sm:px-5"
    >
      <Figures app={app} />
      <div className="-mx-1 sticky top-0 z-10 mb-1 flex flex-wrap items-start gap-2 bg-bg px-1 py-2">
        <FilterBox
          value={words}
          onChange={(q) => onSearch({ q: q || undefined })}
          className="w-full sm:w-[380px] xl:w-[420px]"
        />
        <Toggle term="cold:true" words={words} onSearch={onSearch}>
          <SunIcon />
          Cold starts
        </Toggle>
        <Toggle term="status:>=500" words={words} onSearch={onSearch}>
          <CircleAlert aria-hidden />
          Errors
        </Toggle>
        <TimeJump value={search.until} onChange={(until) => onSearch({ until })} />
        <span className="ml-auto">
          <LiveMark
            state={shown.error ? "broken" : search.until ? "past" : shown.loaded ? "live" : "connecting"}
            waiting={shown.waiting > 0 ? `${shown.waiting.toLocaleString("en-US")} new` : undefined}
            side="above"
            onShow={toTop}
          />
        </span>
      </div>
      {!shown.loaded && shown.count === 0 ? (
        shown.error ? (
          <ErrorNotice error={shown.error} onRetry={() => void feed.poll()} />
        ) : (
          <RequestsSkeleton />
        )
      ) : shown.count === 0 ? (
        <Nothing url={url} filtered={filtered} onClear={() => onSearch({ q: undefined, until: undefined })} />
      ) : (
        <RequestTable
          feed={feed}
          shown={shown}
          scroller={scroller}
          selected={search.request}
          active={keys.active}
          onSelect={keys.choose}
        />
      )}
    </div>
  );
}

interface ToggleProps {
  /** The word that it puts into the filter. */
  term: string;
  words: string;
  onSearch: (change: RequestSearch) => void;
  children: ReactNode;
}

function Toggle({ term, words, onSearch, children }: ToggleProps) {
  const on = hasTerm(words, term);
  return (
    <Button
      aria-pressed={on}
      className={cn("font-medium max-sm:px-2.5", on ? "bg-raised" : "text-muted")}
      onClick={() => onSearch({ q: toggleTerm(words, term) || undefined })}
    >
      {children}
    </Button>
  );
}

function Nothing({ url, filtered, onClear }: { url: string | null; filtered: boolean; onClear: () => void }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      {filtered ? (
        <EmptyNotice title="No request matches">
          Requests are looked for as far back as they are kept.
          <br />
          <Button className="mt-3" onClick={onClear}>
            Show all
          </Button>
        </EmptyNotice>
      ) : url === null ? (
        <EmptyNotice title="Nothing is live yet">
          Open the code and press Deploy. Each request to the app appears here by itself.
        </EmptyNotice>
      ) : (
        <EmptyNotice title="No requests yet">
          The first one appears here by itself. Try
          <code className="mx-auto mt-2 block w-fit max-w-full wrap-anywhere rounded-sm bg-raised px-2 py-1 text-sm text-text">
            {`curl ${url}`}
          </code>
        </EmptyNotice>
      )}
    </div>
  );
}
