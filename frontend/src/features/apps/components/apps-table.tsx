/** One row an app: what it is called, how it is, when it last answered. The whole row opens it. */
import { Link } from "@tanstack/react-router";
import { StatusPill } from "@/components/ui/status-pill";
import type { App } from "@/lib/api/types";
import { ago, host, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";

const COLUMNS =
  "grid grid-cols-[minmax(0,1fr)_98px_84px] sm:grid-cols-[minmax(0,1fr)_150px_110px_130px] items-center gap-x-3 px-3.5";

export function AppsTable({ apps }: { apps: readonly App[] }) {
  const now = useNow(5_000);
  return (
    <Frame>
      {apps.map((app) => (
        <li key={app.id} className="relative border-line border-t hover:bg-raised">
          <div className={`${COLUMNS} h-14`}>
            <div className="min-w-0">
              <Link
                to={app.status === "draft" ? "/apps/$name/edit" : "/apps/$name"}
                params={{ name: app.name }}
                className="block truncate font-semibold text-lg tracking-[-0.01em] after:absolute after:inset-0"
              >
                {app.name}
              </Link>
              <p className="truncate font-mono text-muted text-xs">
                {app.version === null ? "not deployed yet" : host(app.url)}
              </p>
            </div>
            <StatusPill status={app.status} className="justify-self-start" />
            <span className="tnum hidden text-right text-muted sm:block">
              {app.version === null ? "—" : `v${app.version}`}
            </span>
            <LastRequest time={app.last_request_at} now={now} />
          </div>
        </li>
      ))}
    </Frame>
  );
}

function LastRequest({ time, now }: { time: string | null | undefined; now: number }) {
  if (!time) return <span className="text-right text-muted">—</span>;
  return (
    <time dateTime={time} title={utc(time)} className="tnum truncate text-right text-muted">
      {ago(time, now)}
    </time>
  );
}

function Frame({ children }: { children: React.ReactNode }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className={`${COLUMNS} h-[34px] font-medium text-muted text-sm`} aria-hidden>
        <span>App</span>
        <span>Status</span>
        <span className="hidden text-right sm:block">Version</span>
        <span className="text-right">Last request</span>
      </div>
      <ul aria-label="Apps">{children}</ul>
    </div>
  );
}

export function AppsSkeleton() {
  return (
    <Frame>
      {["a", "b", "c", "d", "e"].map((key) => (
        <li key={key} className="border-line border-t">
          <div className={`${COLUMNS} h-14`}>
            <div>
              <div className="skeleton h-3.5 w-28" />
              <div className="skeleton mt-2 h-2.5 w-44 max-w-full" />
            </div>
            <div className="skeleton h-[22px] w-20 rounded-full" />
            <div className="skeleton ml-auto hidden h-3 w-8 sm:block" />
            <div className="skeleton ml-auto h-3 w-16" />
          </div>
        </li>
      ))}
    </Frame>
  );
}
