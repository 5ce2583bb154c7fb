/** The fleet in one glance: how many run, sleep, fail. A zero is left out, except that something is always said. */
import { cn } from "@/lib/cn";
import type { FleetFilter } from "../fleet";

const FIGURES = ["running", "sleeping", "error"] as const;

export function FleetSummary({ counts }: { counts: Record<FleetFilter, number> }) {
  return (
    <p className="flex h-8 items-baseline gap-5">
      {FIGURES.filter((figure) => figure !== "error" || counts.error > 0).map((figure) => (
        <span key={figure} className="text-lg text-muted">
          <strong
            className={cn(
              "tnum mr-2 font-semibold text-[22px] tracking-[-0.02em]",
              figure === "error" ? "text-error" : "text-text",
            )}
          >
            {counts[figure]}
          </strong>
          {figure}
        </span>
      ))}
    </p>
  );
}
