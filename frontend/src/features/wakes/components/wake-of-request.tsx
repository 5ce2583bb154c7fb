/** The wake that a request waited for, beneath the request. */
import { Link } from "@tanstack/react-router";
import type { WakeRecord } from "@/lib/api/types";
import { clock, duration } from "@/lib/format";
import { spared } from "../model/waterfall";
import { Phases } from "./phases";

export function WakeOfRequest({ wake, app }: { wake: WakeRecord; app: string }) {
  const kept = spared(wake);
  return (
    <section aria-labelledby="its-wake">
      <h3 id="its-wake" className="mb-1.5 flex flex-wrap justify-between gap-x-3 font-semibold text-sm">
        Its wake
        <span className="tnum font-normal text-muted">
          {clock(wake.time, Date.now())}, {duration(wake.ms)}, {wake.held} held
        </span>
      </h3>
      {kept && <p className="mb-1.5 text-muted text-sm">{kept}.</p>}
      <Phases wake={wake} />
      <Link
        to="/apps/$name"
        params={{ name: app }}
        search={{ tab: "wakes", wake: wake.id }}
        className="mt-1 inline-flex items-center text-muted text-sm underline underline-offset-4 hover:text-text pointer-coarse:min-h-11"
      >
        What it imported
      </Link>
    </section>
  );
}
