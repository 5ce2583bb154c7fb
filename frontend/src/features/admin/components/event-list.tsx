/** What happened on the platform lately, newest first: apps, deploys, settings, the node. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { eventsQuery, type PlatformEvent } from "../api/overview";

const WORDS: Record<PlatformEvent["kind"], string> = {
  app_created: "created",
  app_deleted: "deleted",
  app_renamed: "renamed",
  app_cloned: "cloned",
  app_imported: "imported",
  deploy_succeeded: "deployed",
  deploy_failed: "failed to deploy",
  rolled_back: "rolled back",
  paused: "paused",
  resumed: "resumed",
  restarted: "restarted",
  woken: "woken",
  put_to_sleep: "put to sleep",
  settings_changed: "settings changed",
  limit_reached: "reached a limit",
  worker_started: "The worker started",
  node_away: "The node is away",
  node_back: "The node is back",
};
const BAD: ReadonlySet<PlatformEvent["kind"]> = new Set(["deploy_failed", "limit_reached", "node_away"]);

export function EventList() {
  const query = useQuery(eventsQuery);
  const now = useNow(30_000);
  if (query.isPending) return <div className="skeleton h-72 rounded-lg" aria-busy="true" />;
  if (!query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return <EmptyNotice title="Nothing happened yet">Deploys, pauses and changed settings are told here.</EmptyNotice>;
  return (
    <ul aria-label="Events" className="divide-y divide-line rounded-lg border border-line bg-surface">
      {query.data.map((event) => (
        <Line key={event.id} event={event} now={now} />
      ))}
    </ul>
  );
}

function Line({ event, now }: { event: PlatformEvent; now: number }) {
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 px-3.5 py-1.5 sm:flex-nowrap">
      <time
        dateTime={event.time}
        title={utc(event.time)}
        className="tnum shrink-0 font-mono text-muted text-sm sm:w-32"
      >
        {clock(event.time, now)}
      </time>
      <p className="min-w-0 truncate">
        {event.app_name && (
          <Link
            to="/apps/$name"
            params={{ name: event.app_name }}
            className="mr-1.5 font-semibold underline-offset-4 hover:underline"
          >
            {event.app_name}
          </Link>
        )}
        <span className={cn(BAD.has(event.kind) && "text-error")}>{WORDS[event.kind]}</span>
        {event.version !== null && <span className="text-muted">{` v${event.version}`}</span>}
        {event.by && <span className="text-muted">{` by ${event.by}`}</span>}
      </p>
      {event.message && event.message !== event.app_name && (
        <p
          className="min-w-0 flex-1 truncate text-right text-muted text-sm max-sm:basis-full max-sm:text-left"
          title={event.message}
        >
          {event.message}
        </p>
      )}
    </li>
  );
}
