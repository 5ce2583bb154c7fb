/** How the platform is: its apps, its day, what sleep gave back, and what it stands on. */
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/ui/notice";
import { StatusPill } from "@/components/ui/status-pill";
import type { AppStatus } from "@/lib/api/types";
import { duration, utc } from "@/lib/format";
import { type Stats, statsQuery } from "../api/overview";
import { lasting, megabytes } from "../model/amounts";
import { Figure, Figures } from "./figure";

const STATUSES: readonly AppStatus[] = ["running", "waking", "deploying", "sleeping", "error", "paused", "draft"];
const number = (value: number) => value.toLocaleString("en-US");
const NONE = "—";

export function Overview() {
  const query = useQuery(statsQuery);
  if (query.isPending) return <Skeleton />;
  if (!query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  const stats = query.data;
  return (
    <div title={`As of ${utc(stats.time)}`}>
      <Apps apps={stats.apps} />
      <Day stats={stats} />
      <Memory stats={stats} />
      <Foundations stats={stats} />
    </div>
  );
}

function Apps({ apps }: { apps: Stats["apps"] }) {
  const shown = STATUSES.filter((status) => (apps[status] ?? 0) > 0);
  const all = Object.values(apps).reduce((sum, count) => sum + count, 0);
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2 pb-5">
      <p className="text-lg text-muted">
        <strong className="tnum mr-1 font-semibold text-[22px] text-text tracking-[-0.02em]">{number(all)}</strong>{" "}
        {all === 1 ? "app" : "apps"}
      </p>
      <ul aria-label="Apps by status" className="flex flex-wrap gap-x-4 gap-y-2">
        {shown.map((status) => (
          <li key={status} className="flex items-center gap-1.5">
            <span className="tnum font-semibold">{number(apps[status] ?? 0)}</span>
            <StatusPill status={status} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Day({ stats }: { stats: Stats }) {
  const { wake_p50_ms: half, wake_p95_ms: most } = stats;
  return (
    <Figures label="The last 24 hours">
      <Figure
        label="Requests"
        value={`${number(stats.requests_day)}${stats.requests_bounded ? "+" : ""}`}
        note="in 24 h"
      />
      <Figure label="Wakes" value={number(stats.wakes_day)} note="in 24 h" />
      <Figure label="Wake p50" value={half === null ? NONE : duration(half)} />
      <Figure label="Wake p95" value={most === null ? NONE : duration(most)} />
      <Figure label="Users" value={number(stats.users)} />
    </Figures>
  );
}

function Memory({ stats }: { stats: Stats }) {
  const { process } = stats;
  return (
    <Figures label="What runs">
      <Figure
        label="Awake now"
        value={stats.awake === null ? NONE : number(stats.awake)}
        note={stats.awake === 1 ? "instance" : "instances"}
      />
      <Figure label="Memory of apps" value={mb(stats.apps_memory_mb)} note="MB" />
      <Figure label="Given back by sleep" value={mb(stats.given_back_mb)} note="MB" />
      <Figure label="Memory of the API" value={mb(process.memory_mb)} note="MB" />
      <Figure label="fp" value={process.version} note={`up ${lasting(process.uptime_seconds)}`} />
    </Figures>
  );
}

const mb = (value: number | null) => (value === null ? NONE : number(Math.round(value)));

function Foundations({ stats: { mongodb } }: { stats: Stats }) {
  return (
    <Figures label="What it stands on">
      <Figure label="MongoDB" value={mongodb.version} />
      <Figure
        label="On disk"
        value={mongodb.storage_bytes === null ? NONE : megabytes(mongodb.storage_bytes)}
        note="MB"
      />
      <Figure
        label="Changes can be followed"
        value={mongodb.oplog_seconds === null ? NONE : lasting(mongodb.oplog_seconds)}
        note="back"
      />
      <Figure label="Connections" value={mongodb.connections === null ? NONE : number(mongodb.connections)} />
    </Figures>
  );
}

function Skeleton() {
  return (
    <div aria-busy="true">
      <div className="skeleton mb-5 h-8 w-72" />
      {["a", "b", "c"].map((key) => (
        <div key={key} className="grid grid-cols-2 gap-6 border-line border-t py-5 sm:grid-cols-3 lg:grid-cols-5">
          {["a", "b", "c"].map((one) => (
            <div key={one} className="skeleton h-11" />
          ))}
        </div>
      ))}
    </div>
  );
}
