/** An app's state: one word, one colour, one shape (a dot, or a moon for sleeping). The same everywhere. */
import type { AppStatus } from "@/lib/api/types";
import { cn } from "@/lib/cn";

const LOOK: Record<AppStatus, string> = {
  running: "text-running bg-running-bg",
  sleeping: "text-sleeping bg-sleeping-bg",
  waking: "text-waking bg-waking-bg",
  deploying: "text-deploying bg-deploying-bg",
  error: "text-error bg-error-bg",
  paused: "text-paused bg-paused-bg",
  draft: "text-muted bg-draft-bg",
};

export function statusWord(status: AppStatus): string {
  return status.charAt(0).toUpperCase() + status.slice(1);
}

export function MoonShape({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 12 12" className={cn("size-[11px] shrink-0", className)} fill="none" aria-hidden>
      <path
        d="M10.4 7.3A4.7 4.7 0 1 1 5 1.5a3.8 3.8 0 0 0 5.4 5.8Z"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function StatusPill({ status, className }: { status: AppStatus; className?: string }) {
  const alive = status === "waking" || status === "deploying";
  return (
    <span
      data-status={status}
      className={cn(
        "inline-flex h-[22px] shrink-0 items-center gap-1.5 rounded-full px-2 font-medium text-sm",
        LOOK[status],
        className,
      )}
    >
      {status === "sleeping" ? (
        <MoonShape />
      ) : (
        <span className={cn("size-1.5 rounded-full bg-current", alive && "animate-pulse")} aria-hidden />
      )}
      {statusWord(status)}
    </span>
  );
}
