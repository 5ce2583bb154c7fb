/** The kept versions, newest first: number, whether it is live, when and by whom, and what it repeats. */
import { cn } from "@/lib/cn";
import { ago, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import type { AppVersion } from "../model/sides";

interface Props {
  versions: readonly AppVersion[];
  chosen: number;
  onChoose: (version: number) => void;
}

export function VersionList({ versions, chosen, onChoose }: Props) {
  const now = useNow(10_000);
  return (
    <ol aria-label="Versions" className="p-2">
      {versions.map((one) => (
        <li key={one.number}>
          <button
            type="button"
            aria-current={one.number === chosen ? "true" : undefined}
            onClick={() => onChoose(one.number)}
            className={cn(
              "flex min-h-12 w-full items-center gap-3 rounded-md px-2.5 py-1.5 text-left focus-visible:outline-offset-[-2px]",
              one.number === chosen ? "bg-raised" : "hover:bg-raised",
            )}
          >
            <span className="tnum w-9 shrink-0 font-mono font-semibold">v{one.number}</span>
            <span className="min-w-0 flex-1">
              <span className="block truncate">
                {one.by}
                {typeof one.rollback_of === "number" && (
                  <span className="text-muted">, back to v{one.rollback_of}</span>
                )}
              </span>
              <time dateTime={one.created_at} title={utc(one.created_at)} className="block text-muted text-sm">
                {ago(one.created_at, now)}
              </time>
            </span>
            {one.live && (
              <span className="flex shrink-0 items-center gap-1.5 text-running text-sm">
                <span className="size-1.5 rounded-full bg-current" aria-hidden />
                Live
              </span>
            )}
          </button>
        </li>
      ))}
    </ol>
  );
}
