/**
 * What differs between two texts of one file: side by side where there is room, one beneath the other where there is not.
 * Nothing in it can be edited. CodeMirror's part of it is fetched when the first one is shown.
 */
import { lazy, Suspense } from "react";
import type { DiffProps } from "./diff-panes";

const DiffPanes = lazy(async () => ({ default: (await import("./diff-panes")).DiffPanes }));

export function DiffView(props: DiffProps) {
  return (
    <Suspense fallback={<DiffSkeleton />}>
      <DiffPanes {...props} />
    </Suspense>
  );
}

function DiffSkeleton() {
  return (
    <div className="flex flex-col gap-2.5 p-4" aria-busy="true">
      {["w-52", "w-72", "w-40", "w-60"].map((width) => (
        <div key={width} className={`skeleton h-2.5 max-w-full ${width}`} />
      ))}
    </div>
  );
}
