/** One number that matters: what it is, how much, and what is to be said beside it. */
import type { ReactNode } from "react";

export function Figure({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-muted text-sm">{label}</dt>
      <dd className="tnum mt-0.5 truncate">
        <span className="font-semibold text-[20px] tracking-[-0.02em]">{value}</span>
        {note && <span className="ml-1.5 text-muted text-sm">{note}</span>}
      </dd>
    </div>
  );
}

export function Figures({ label, children }: { label: string; children: ReactNode }) {
  return (
    <dl
      aria-label={label}
      className="grid grid-cols-2 gap-x-6 gap-y-5 border-line border-t py-5 first:border-t-0 first:pt-0 sm:grid-cols-3 lg:grid-cols-5"
    >
      {children}
    </dl>
  );
}
