/** What a week's wakes cost, and which imports cost most of it, with what can be done. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { WakeRecord } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { draftPathsQuery, weekQuery } from "../api/wakes";
import { type Dear, dearImports, hintOf, sentenceOf } from "../model/imports";

export function WakeSummary({ app, wakes }: { app: string; wakes: readonly WakeRecord[] }) {
  const totals = useQuery(weekQuery(app)).data?.totals;
  const paths = useQuery(draftPathsQuery(app)).data ?? [];
  const dear = dearImports(wakes);
  return (
    <div className="mb-5 flex flex-wrap gap-x-10 gap-y-4">
      <dl className="flex gap-x-7">
        <Figure name="Wakes" note="7 days" value={totals?.wakes.toLocaleString("en-US")} />
        <Figure name="p50 / p95" note="ms" value={totals && `${whole(totals.wake_p50)} / ${whole(totals.wake_p95)}`} />
        <Figure
          name="Failed"
          note=""
          bad={(totals?.wakes_failed ?? 0) > 0}
          value={totals?.wakes_failed.toLocaleString("en-US")}
        />
      </dl>
      {dear.length > 0 && <DearImports dear={dear} paths={paths} wakes={wakes.length} />}
    </div>
  );
}

function DearImports({ dear, paths, wakes }: { dear: readonly Dear[]; paths: readonly string[]; wakes: number }) {
  const [first, ...rest] = dear;
  if (!first) return null;
  return (
    <section aria-label="Dearest imports" className="min-w-0 max-w-2xl flex-1 basis-72">
      <p className="font-medium">{sentenceOf(first)}.</p>
      <p className="text-muted">{hintOf(first, paths)}</p>
      {rest.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer text-muted text-sm hover:text-text pointer-coarse:py-2">
            {plural(rest.length, "more import")} of the last {plural(wakes, "wake")}
          </summary>
          <ul className="mt-1 flex flex-col gap-1.5">
            {rest.map((one) => (
              <li key={one.name}>
                {sentenceOf(one)}. <span className="text-muted">{hintOf(one, paths)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Figure({ name, value, note, bad }: { name: string; value?: string; note: ReactNode; bad?: boolean }) {
  return (
    <div>
      <dt className="text-muted text-sm">{name}</dt>
      <dd className="tnum flex h-[26px] items-baseline gap-1.5 whitespace-nowrap">
        {value === undefined ? (
          <span className="skeleton mt-1 h-5 w-16" />
        ) : (
          <strong className={`font-semibold text-xl tracking-[-0.02em] ${bad ? "text-error" : ""}`}>{value}</strong>
        )}
        <span className="text-muted text-sm">{note}</span>
      </dd>
    </div>
  );
}

function whole(value: number | null): string {
  return value === null ? "—" : Math.round(value).toLocaleString("en-US");
}
