/** The request list of an app and a filter as a live feed; it stops asking while the page is hidden. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { LIVE_MS } from "@/lib/query";
import { Feed } from "../model/feed";
import type { FilterQuery } from "../model/filter";
import { pages } from "./requests";

export function useFeed(app: string, query: FilterQuery, until: string | undefined) {
  const key = JSON.stringify(query);
  const feed = useMemo(() => new Feed(pages(app, JSON.parse(key) as FilterQuery, until)), [app, key, until]);
  useEffect(() => {
    void feed.poll();
    const timer = setInterval(() => {
      // What lies before a moment does not change, but for a first answer that has failed.
      const done = until !== undefined && feed.snapshot().loaded;
      if (!document.hidden && !done) void feed.poll();
    }, LIVE_MS);
    const seen = () => !document.hidden && until === undefined && void feed.poll();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [feed, until]);
  const shown = useSyncExternalStore(feed.subscribe, feed.snapshot);
  return { feed, shown };
}
