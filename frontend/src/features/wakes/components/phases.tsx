/** The phases of a wake as a waterfall, one under the other; sleep's indigo first, dawn's amber when the answer begins. */
import type { WakeRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ms } from "@/lib/format";
import { waterfall } from "../model/waterfall";

const COLOUR: Record<string, string> = {
  gate: "fill-sleeping",
  claim: "fill-sleeping",
  spawn: "fill-sleeping",
  runtime: "fill-sleeping",
  checkin: "fill-sleeping",
  imports: "fill-(--kw)",
  startup: "fill-waking",
  first_byte: "fill-accent",
};

export function Phases({ wake }: { wake: Pick<WakeRecord, "phases"> }) {
  return (
    <ol aria-label="Phases" className="flex flex-col">
      {waterfall(wake).map((bar) => (
        <li key={bar.name} className="grid h-[22px] grid-cols-[148px_minmax(0,1fr)_54px] items-center gap-x-2 text-sm">
          <span className="truncate" title={bar.words}>
            {bar.words}
          </span>
          <svg aria-hidden className="h-2 w-full rounded-full bg-raised" preserveAspectRatio="none" viewBox="0 0 100 1">
            <rect x={bar.left} width={bar.width} height="1" className={cn(COLOUR[bar.name] ?? "fill-waking")} />
          </svg>
          <span className="tnum text-right font-mono text-muted">
            {ms(bar.ms)}
            <span className="sr-only"> milliseconds</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
