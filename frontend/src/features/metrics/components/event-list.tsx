/** What was done to the app and what happened to it, newest first. */
import { Button } from "@/components/ui/button";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import type { AppEvent } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useEvents } from "../api/metrics";

const WORDS: Record<AppEvent["kind"], string> = {
  app_created: "Created",
  app_deleted: "Deleted",
  app_renamed: "Renamed",
  app_cloned: "Copied",
  app_imported: "Imported",
  deploy_succeeded: "Deployed",
  deploy_failed: "Deploy failed",
  rolled_back: "Rolled back",
  paused: "Paused",
  resumed: "Resumed",
  restarted: "Restarted",
  woken: "Woken by hand",
  put_to_sleep: "Put to sleep",
  settings_changed: "Settings changed",
  limit_reached: "Limit reached",
  worker_started: "Worker started",
  node_away: "Node away",
  node_back: "Node back",
};

const DOTS: Partial<Record<AppEvent["kind"], string>> = {
  deploy_succeeded: "bg-running",
  deploy_failed: "bg-error",
  rolled_back: "bg-waking",
  woken: "bg-waking",
  put_to_sleep: "bg-sleeping",
  limit_reached: "bg-error",
  node_away: "bg-error",
};

export function EventList({ app }: { app: string }) {
  const query = useEvents(app);
  const now = useNow(60_000);
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title" className="mb-2.5 font-semibold text-[15px]">
        Events
      </h2>
      <div className="rounded-lg border border-line bg-surface">
        {query.isPending && <div className="skeleton m-4 h-4 w-2/3" />}
        {query.isError && !query.data && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.length === 0 && <EmptyNotice title="No events yet" className="py-8" />}
        <ol>
          {query.data?.map((event) => (
            <li
              key={event.id}
              className="row-enter flex min-h-9 items-baseline gap-2.5 border-line border-t px-3.5 py-2 first:border-t-0"
            >
              <span
                className={cn("size-1.5 shrink-0 self-center rounded-full", DOTS[event.kind] ?? "bg-muted")}
                aria-hidden
              />
              <span className="min-w-0 flex-1 break-words">
                {WORDS[event.kind] ?? event.kind}
                {event.version && <span className="tnum"> v{event.version}</span>}
                {event.message && <span className="text-muted"> {event.message}</span>}
                {event.by && <span className="text-muted"> by {event.by}</span>}
              </span>
              <time
                dateTime={event.time}
                title={utc(event.time)}
                className="tnum shrink-0 font-mono text-muted text-sm"
              >
                {clock(event.time, now)}
              </time>
            </li>
          ))}
        </ol>
      </div>
      {query.hasNextPage && (
        <Button className="mt-3" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Older events
        </Button>
      )}
    </section>
  );
}
