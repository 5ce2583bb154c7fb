/** Where the answer's time went, part after part, the wake in the colour of the sun. */
import type { TestResponse } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ms } from "@/lib/format";
import { phases } from "../model/answer";

export function Timing({ answer }: { answer: TestResponse }) {
  const parts = phases(answer);
  if (parts.length === 0) return <p className="px-3.5 py-3 text-muted">No part of it was measured.</p>;
  return (
    <dl aria-label="Timing" className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1.5 bg-bg px-3.5 py-3">
      {parts.map((part) => (
        <div key={part.name} className="contents">
          <dt className={cn("text-sm", part.wake && "text-waking")}>{part.name}</dt>
          <dd className="relative h-1.5 rounded-full bg-raised" aria-hidden>
            <span
              className={cn("absolute h-full min-w-[3px] rounded-full", part.wake ? "bg-accent" : "bg-deploying")}
              style={{ left: `${part.from * 100}%`, width: `${part.share * 100}%` }}
            />
          </dd>
          <dd className="tnum text-right font-mono text-muted text-xs">{ms(part.ms)} ms</dd>
        </div>
      ))}
    </dl>
  );
}
