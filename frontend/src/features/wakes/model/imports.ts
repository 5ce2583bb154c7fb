/** The dearest imports of an app over many wakes, in words: what each adds to a wake, and what can be done about it. */
import type { WakeRecord } from "@/lib/api/types";

export interface Dear {
  name: string;
  /** The median of the wakes in which it was imported. */
  ms: number;
  /** Wakes in which it was, and all that imported anything. */
  wakes: number;
  of: number;
}

/** Less than this nobody notices. */
const WORTH_MS = 2;
const SHOWN = 5;

export function dearImports(wakes: readonly Pick<WakeRecord, "modules" | "outcome">[]): Dear[] {
  const told = wakes.filter((wake) => wake.outcome === "ready");
  const times = new Map<string, number[]>();
  for (const wake of told) for (const { name, ms } of wake.modules) times.set(name, [...(times.get(name) ?? []), ms]);
  return [...times]
    .map(([name, ms]) => ({ name, ms: median(ms), wakes: ms.length, of: told.length }))
    .filter((dear) => dear.ms >= WORTH_MS)
    .sort((a, b) => b.ms * b.wakes - a.ms * a.wakes)
    .slice(0, SHOWN);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** `pymongo adds 10 ms to every wake` */
export function sentenceOf(dear: Dear): string {
  const added = dear.ms < 9.95 ? dear.ms.toFixed(1).replace(".0", "") : Math.round(dear.ms).toLocaleString("en-US");
  const share = dear.wakes / dear.of;
  const which = share > 0.9 ? "to every wake" : share > 0.5 ? "to most wakes" : `to ${dear.wakes} of ${dear.of} wakes`;
  return `${dear.name} adds ${added} ms ${which}`;
}

/** What to do about it: a module of the app's own can start less, a package can be imported where it is used. */
export function hintOf(dear: Dear, files: readonly string[]): string {
  const top = dear.name.split(".")[0] ?? dear.name;
  const own = files.some((path) => path === `${top}.py` || path.startsWith(`${top}/`));
  return own
    ? `${dear.name} is your own: move what it does while it is imported into the functions that need it.`
    : `Move \`import ${top}\` into the function that needs it; then only the first call pays for it.`;
}

/** From what the process was made, in words. */
export function startOf(wake: Pick<WakeRecord, "start">): string {
  return STARTS[wake.start ?? ""] ?? wake.start ?? "";
}

const STARTS: Record<string, string> = {
  zygote: "from the framework",
  packages: "packages kept imported",
  imported: "kept imported",
  process: "fresh process",
  pool: "from the pool",
};
