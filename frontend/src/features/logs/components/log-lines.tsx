/** Log lines as a list: time, level, text. Long lines wrap; nothing is cut. */
import type { LogLine } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";

const COLOUR: Record<string, string> = {
  debug: "text-muted",
  info: "text-deploying",
  warning: "text-waking",
  error: "text-error",
  critical: "text-error",
};

export function LogLines({ lines, now, label }: { lines: readonly LogLine[]; now: number; label: string }) {
  return (
    <ol aria-label={label} className="font-mono text-sm leading-5">
      {lines.map((line) => (
        <li
          key={line.id}
          className="row-enter grid grid-cols-[auto_auto_minmax(0,1fr)] gap-x-2.5 px-3.5 py-0.5 hover:bg-raised max-sm:grid-cols-[auto_minmax(0,1fr)]"
        >
          <time dateTime={line.time} title={utc(line.time)} className="tnum text-muted">
            {clock(line.time, now)}
          </time>
          <span className={cn("w-[58px]", COLOUR[line.level] ?? "text-muted")}>{line.level}</span>
          <span className="whitespace-pre-wrap break-words max-sm:col-span-2">{line.text}</span>
        </li>
      ))}
    </ol>
  );
}
