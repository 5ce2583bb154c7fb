/** One log line: time, level, text, and the way to the request that printed it; and a short list of such lines. */
import { Link } from "@tanstack/react-router";
import { CornerUpRight } from "lucide-react";
import type { LogLine as Line } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";
import { AnsiText } from "./ansi-text";

const COLOUR: Record<string, string> = {
  debug: "text-muted",
  info: "text-deploying",
  warning: "text-waking",
  error: "text-error",
  critical: "text-error font-semibold",
};

interface Props {
  line: Line;
  now: number;
  words?: string;
  /** The app whose requests it may link to. */
  app?: string;
  /** Long lines go on to the right instead of on the next line. */
  cut?: boolean;
}

export function LogLine({ line, now, words, app, cut }: Props) {
  return (
    <div
      className={cn(
        "group flex gap-x-2.5 px-3.5 py-px hover:bg-raised max-sm:gap-x-2 max-sm:px-2.5",
        !cut && "max-sm:flex-wrap",
      )}
    >
      <time dateTime={line.time} title={utc(line.time)} className="tnum shrink-0 text-muted">
        {clock(line.time, now)}
        <span className="max-sm:hidden">.{line.time.slice(20, 23).padEnd(3, "0")}</span>
      </time>
      <span className={cn("w-[58px] shrink-0", COLOUR[line.level] ?? "text-muted")}>{line.level}</span>
      <span
        className={cn(
          "min-w-0",
          cut ? "whitespace-pre" : "flex-1 whitespace-pre-wrap break-words max-sm:order-last max-sm:basis-full",
        )}
      >
        <AnsiText text={line.text} words={words} />
      </span>
      {app && line.request_id && (
        <Link
          to="/apps/$name"
          params={{ name: app }}
          search={{ request: line.request_id }}
          aria-label="Its request"
          title="Its request"
          className={cn(
            "pointer-fine:opacity-0 group-hover:opacity-100 focus-visible:opacity-100",
            "relative -my-0.5 flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:text-text",
            "after:absolute pointer-coarse:after:-inset-2",
            cut && "order-first",
          )}
        >
          <CornerUpRight className="size-3.5" aria-hidden />
        </Link>
      )}
    </div>
  );
}

export function LogLines({ lines, now, label }: { lines: readonly Line[]; now: number; label: string }) {
  return (
    <ol aria-label={label} className="font-mono text-sm leading-5">
      {lines.map((line) => (
        <li key={line.id}>
          <LogLine line={line} now={now} />
        </li>
      ))}
    </ol>
  );
}
