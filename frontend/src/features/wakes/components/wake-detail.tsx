/** The chosen wake: its phases as a waterfall, the dearest imports, and why it failed where it did. */
import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { WakeRecord } from "@/lib/api/types";
import { duration, ms, plural, utc } from "@/lib/format";
import { cause, dearest, spared, waterfall } from "../model/waterfall";

export function WakeDetail({ wake, onClose }: { wake: WakeRecord; onClose: () => void }) {
  const dear = dearest(wake);
  const kept = spared(wake);
  return (
    <aside aria-label="Wake" className="flex flex-col gap-5 p-3.5">
      <div>
        <div className="flex items-center gap-2.5">
          <h2 className="min-w-0 flex-1 break-all font-medium font-mono text-lg tracking-normal">{cause(wake)}</h2>
          <Button look="quiet" size="icon" aria-label="Close the wake" onClick={onClose}>
            <X aria-hidden />
          </Button>
        </div>
        <p className="mt-1 text-muted text-sm">
          {duration(wake.ms)}, {plural(wake.held, "request")} held, {utc(wake.time)}
          {wake.version !== null && `, v${wake.version}`}
        </p>
      </div>
      {wake.failure && (
        <section>
          <h3 className="mb-2 font-semibold text-sm">What went wrong</h3>
          <p className="break-words rounded-md border border-line px-3 py-2 font-mono text-error text-sm">
            {wake.failure.file && `${wake.failure.file}${wake.failure.line ? `:${wake.failure.line}` : ""}  `}
            {wake.failure.message}
          </p>
          {wake.failure.hint && <p className="mt-2 text-muted text-sm">{wake.failure.hint}</p>}
        </section>
      )}
      <section>
        <h3 className="mb-2 font-semibold text-sm">Where the time went</h3>
        {kept && <p className="mb-2 text-muted text-sm">{kept}.</p>}
        <ol aria-label="Phases" className="flex flex-col gap-1.5">
          {waterfall(wake).map((bar) => (
            <li key={bar.name} className="grid grid-cols-[minmax(0,1fr)_64px] items-center gap-x-3 text-sm">
              <span className="truncate">{bar.words}</span>
              <span className="tnum text-right font-mono text-muted">{ms(bar.ms)} ms</span>
              <svg
                aria-hidden
                className="col-span-2 mt-0.5 h-1.5 w-full rounded-full bg-raised"
                preserveAspectRatio="none"
                viewBox="0 0 100 1"
              >
                <rect x={bar.left} width={bar.width} height="1" className="fill-waking" />
              </svg>
            </li>
          ))}
        </ol>
      </section>
      {wake.modules.length > 0 && (
        <section>
          <h3 className="mb-2 font-semibold text-sm">Dearest imports</h3>
          {dear && <p className="mb-2 text-muted text-sm">{dear}.</p>}
          <dl className="tnum grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 font-mono text-sm">
            {wake.modules.map((module) => (
              <div key={module.name} className="contents">
                <dt className="truncate">{module.name}</dt>
                <dd className="text-right text-muted">{ms(module.ms)} ms</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </aside>
  );
}
