/** One stage of the rail. Its bar is grey before, amber while, green after, red where it failed. */
import { Check, LoaderCircle, X } from "lucide-react";
import type { Stage } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { duration } from "@/lib/format";
import { stageWord } from "../model/progress";

const WEIGHT: Record<Stage["name"], string> = {
  validate: "flex-[3]",
  version: "flex-[2]",
  start: "flex-[5]",
  ready: "flex-[2]",
};

const BAR: Record<Stage["status"], string> = {
  pending: "w-0",
  running: "w-[55%] bg-accent animate-pulse",
  done: "w-full bg-running",
  failed: "w-full bg-error",
};

interface Props {
  stage: Stage;
  version: number | null;
  since: number | undefined;
  now: number;
  /** It ended because somebody wanted that, which is no failure. */
  cancelled: boolean;
}

export function RailStage({ stage, version, since, now, cancelled }: Props) {
  const counted = stage.status === "running" && since !== undefined ? Math.max(0, now - since) : null;
  const time = stage.ms ?? counted;
  const bad = stage.status === "failed" && !cancelled;
  const active = stage.status === "running";
  return (
    <li
      data-status={stage.status}
      title={stage.message || undefined}
      className={cn("min-w-0 max-sm:flex-auto", WEIGHT[stage.name])}
    >
      <div className="h-1 overflow-hidden rounded-full bg-line-strong">
        <div
          className={cn(
            "h-full rounded-full transition-[width] duration-120",
            BAR[stage.status],
            cancelled && !bad && stage.status === "failed" && "bg-faint",
          )}
        />
      </div>
      <div className="mt-2 flex items-center gap-1.5 whitespace-nowrap">
        <Shape status={stage.status} bad={bad} />
        <span
          className={cn(
            "truncate",
            active && "font-semibold",
            stage.status === "pending" && "text-muted",
            bad && "text-error",
          )}
        >
          {stageWord(stage, version)}
        </span>
        {time !== null && <span className="tnum font-mono text-muted text-sm max-sm:hidden">{duration(time)}</span>}
        <span className="sr-only">{stage.status}</span>
      </div>
    </li>
  );
}

function Shape({ status, bad }: { status: Stage["status"]; bad: boolean }) {
  const size = "size-3.5 shrink-0";
  if (status === "done") return <Check className={cn(size, "text-running")} aria-hidden />;
  if (status === "running") return <LoaderCircle className={cn(size, "animate-spin text-waking")} aria-hidden />;
  if (status === "failed") return <X className={cn(size, bad ? "text-error" : "text-muted")} aria-hidden />;
  return null;
}
