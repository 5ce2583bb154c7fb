/** Requests of the last day as bars; an indigo line at zero is sleep. Arrow keys and the pointer tell each bar's values. */
import { useState } from "react";
import type { AppMetrics } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { clock, plural } from "@/lib/format";
import { type Bar, bars } from "../model/bars";

const BARS = 48;
const HEIGHT = 40;

export function DayChart({ metrics }: { metrics: AppMetrics }) {
  const [at, setAt] = useState<number | null>(null);
  const shown = bars(metrics.points, BARS);
  const now = Date.parse(metrics.until);
  const chosen = at === null ? undefined : shown[at];
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setAt((place) => Math.min(shown.length - 1, Math.max(0, (place ?? shown.length) + step)));
  };
  return (
    <figure className="m-0">
      <div
        role="slider"
        tabIndex={0}
        aria-label="Requests of the last 24 hours"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, shown.length - 1)}
        aria-valuenow={at ?? Math.max(0, shown.length - 1)}
        aria-valuetext={words(chosen ?? shown.at(-1), now)}
        onKeyDown={move}
        onBlur={() => setAt(null)}
        onMouseLeave={() => setAt(null)}
        className="flex items-end gap-[2px] border-line border-b"
        style={{ height: HEIGHT }}
      >
        {shown.map((bar, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way to what the arrow keys do
          <div key={bar.time} onMouseEnter={() => setAt(index)} className="flex h-full min-w-0 flex-1 items-end">
            <div
              className={cn(
                "w-full",
                bar.asleep ? "bg-sleeping" : "rounded-t-[1px] bg-accent",
                index === at ? "opacity-100" : "opacity-85",
              )}
              style={{ height: bar.asleep ? 2 : bar.requests > 0 ? Math.max(3, bar.height * HEIGHT) : 0 }}
            />
          </div>
        ))}
      </div>
      <figcaption className="tnum mt-1 flex h-4 justify-between gap-3 whitespace-nowrap text-muted text-xs">
        {chosen ? (
          <span className="truncate">{words(chosen, now)}</span>
        ) : (
          <>
            <span>{shown[0] && ends(shown[0].time, now)}</span>
            <span>now</span>
          </>
        )}
      </figcaption>
      <table className="sr-only">
        <caption>The last 24 hours, half an hour each</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Requests</th>
            <th scope="col">Errors</th>
            <th scope="col">Asleep</th>
          </tr>
        </thead>
        <tbody>
          {shown
            .filter((bar) => bar.requests > 0 || bar.asleep)
            .map((bar) => (
              <tr key={bar.time}>
                <td>{clock(bar.time, now)}</td>
                <td>{bar.requests}</td>
                <td>{bar.errors}</td>
                <td>{bar.asleep ? "yes" : "no"}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </figure>
  );
}

function words(bar: Bar | undefined, now: number): string {
  if (!bar) return "";
  const what = bar.asleep ? "asleep" : plural(bar.requests, "request");
  const more = [bar.errors > 0 && plural(bar.errors, "error"), bar.wakes > 0 && plural(bar.wakes, "wake")];
  return [`from ${clock(bar.time, now).slice(0, -3)}`, what, ...more.filter(Boolean)].join(", ");
}

/** `yesterday 14:00` */
function ends(time: string, now: number): string {
  const wall = clock(time, Date.parse(time)).slice(0, 5);
  return new Date(time).getDate() === new Date(now).getDate() ? wall : `yesterday ${wall}`;
}
