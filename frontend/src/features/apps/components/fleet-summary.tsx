/** The fleet in one glance: how many run, sleep, fail, and what sleep gave back. A zero is left out but for the first two. */
import { useQuery } from "@tanstack/react-query";
import { MoonShape } from "@/components/ui/status-pill";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { summaryQuery } from "../api/summary";
import type { FleetCounts } from "../fleet";

const FIGURES = ["running", "sleeping", "error"] as const;

export function FleetSummary({ counts }: { counts: FleetCounts | undefined }) {
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-5 gap-y-1">
      {counts ? <Counts counts={counts} /> : <div className="skeleton h-7 w-56" />}
      {counts && <GivenBack />}
    </div>
  );
}

function Counts({ counts }: { counts: FleetCounts }) {
  return (
    <p className="flex items-baseline gap-5">
      {FIGURES.filter((figure) => figure !== "error" || counts.error > 0).map((figure) => (
        <span key={figure} className="text-lg text-muted">
          <strong
            className={cn(
              "tnum mr-1 font-semibold text-[22px] tracking-[-0.02em]",
              figure === "error" ? "text-error" : "text-text",
            )}
          >
            {counts[figure].toLocaleString("en-US")}
          </strong>{" "}
          {figure}
        </span>
      ))}
    </p>
  );
}

/** Said once there is something to say: memory where it is measured, hours once the platform has watched for some. */
function GivenBack() {
  const { data } = useQuery(summaryQuery);
  if (!data) return null;
  const megabytes = Math.round((data.awake_app_mb ?? 0) * (data.apps.sleeping ?? 0));
  const hours = Math.floor(data.asleep_hours ?? 0);
  const parts = [
    megabytes > 0 && `${megabytes.toLocaleString("en-US")} MB given back now`,
    hours > 0 && `${plural(hours, "app-hour")} asleep in a day`,
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <p
      className="tnum flex items-start gap-1.5 text-pretty text-muted sm:ml-auto"
      title="Memory that sleeping apps would take if they were awake, and their hours asleep in the last 24"
    >
      <MoonShape className="mt-[3px] size-3.5 text-sleeping" />
      {parts.join(", ")}
    </p>
  );
}
