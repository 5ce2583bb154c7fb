/** The chosen wake: its phases as a waterfall, the dearest imports, and why it failed where it did. */
import { ArrowLeft, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import type { WakeRecord } from "@/lib/api/types";
import { duration, ms, plural, utc } from "@/lib/format";
import { startOf } from "../model/imports";
import { cause, dearest, spared } from "../model/waterfall";
import { Phases } from "./phases";

export function WakeDetail({ wake, onClose }: { wake: WakeRecord; onClose: () => void }) {
  const panel = useRef<HTMLElement>(null);
  // On a narrow screen the sheet takes the list's place, so the focus goes with it.
  useEffect(() => {
    if (window.matchMedia("(max-width: 1023px)").matches) panel.current?.focus();
  }, []);
  const dear = dearest(wake);
  const kept = spared(wake);
  return (
    <aside ref={panel} tabIndex={-1} aria-label="Wake" className="flex flex-col gap-5 p-3.5 outline-none">
      <Button look="quiet" className="-mb-3 -ml-2 self-start lg:hidden" onClick={onClose}>
        <ArrowLeft aria-hidden />
        Back
      </Button>
      <div>
        <div className="flex items-center gap-2.5">
          <h2 className="min-w-0 flex-1 break-all font-medium font-mono text-[15px] tracking-normal">{cause(wake)}</h2>
          <Button
            look="quiet"
            size="icon"
            className="max-lg:hidden"
            aria-label="Close the wake"
            title="Close (Esc)"
            onClick={onClose}
          >
            <X aria-hidden />
          </Button>
        </div>
        <p className="tnum mt-1 text-muted text-sm">
          {[
            duration(wake.ms),
            `${plural(wake.held, "request")} held`,
            utc(wake.time),
            wake.version !== null && `version ${wake.version}`,
            startOf(wake),
          ]
            .filter(Boolean)
            .join(", ")}
        </p>
      </div>
      {wake.failure && <WhatWentWrong failure={wake.failure} />}
      {wake.phases.length > 0 && (
        <section aria-labelledby="phases">
          <h3 id="phases" className="mb-1.5 flex justify-between font-semibold text-sm">
            Where the time went
            <span className="font-normal text-muted">ms</span>
          </h3>
          {kept && <p className="mb-2 text-muted text-sm">{kept}.</p>}
          <Phases wake={wake} />
        </section>
      )}
      {wake.modules.length > 0 && (
        <section aria-labelledby="imports">
          <h3 id="imports" className="mb-1.5 flex justify-between font-semibold text-sm">
            Dearest imports
            <span className="font-normal text-muted">ms</span>
          </h3>
          {dear && <p className="mb-2 text-muted text-sm">{dear}.</p>}
          <dl className="tnum grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 font-mono text-sm">
            {wake.modules.map((module) => (
              <div key={module.name} className="contents">
                <dt className="truncate">{module.name}</dt>
                <dd className="text-right text-muted">{ms(module.ms)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </aside>
  );
}

function WhatWentWrong({ failure }: { failure: NonNullable<WakeRecord["failure"]> }) {
  return (
    <section aria-labelledby="wake-wrong">
      <h3 id="wake-wrong" className="mb-2 font-semibold text-sm">
        What went wrong
      </h3>
      <p className="break-words rounded-md border border-line px-3 py-2 font-mono text-error text-sm">
        {failure.file && `${failure.file}${failure.line ? `:${failure.line}` : ""}  `}
        {failure.message}
      </p>
      {failure.hint && <p className="mt-2 text-muted text-sm">{failure.hint}</p>}
    </section>
  );
}
