/** An HTTP method and a status code, coloured the same way in every list. */
import { cn } from "@/lib/cn";

const METHOD: Record<string, string> = {
  GET: "text-running",
  HEAD: "text-running",
  DELETE: "text-error",
  OPTIONS: "text-muted",
};

export function methodColour(method: string): string {
  return METHOD[method] ?? "text-waking";
}

export function Method({ method, className }: { method: string; className?: string }) {
  return <span className={cn("font-medium font-mono text-xs", methodColour(method), className)}>{method}</span>;
}

/** 2xx and 3xx are coloured text; only 4xx and 5xx get a background, so that a bad row is found at a glance. */
export function StatusCode({ status, className }: { status: number; className?: string }) {
  const look =
    status >= 500
      ? "bg-error-bg text-error -ml-1.5 rounded-sm px-1.5"
      : status >= 400
        ? "bg-waking-bg text-waking -ml-1.5 rounded-sm px-1.5"
        : status >= 300
          ? "text-deploying"
          : "text-running";
  return <span className={cn("tnum inline-block py-px font-medium font-mono text-sm", look, className)}>{status}</span>;
}
