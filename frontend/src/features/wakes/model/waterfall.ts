/** A wake as a waterfall: its phases one after another, each where it began and as long as it took. */
import type { WakeRecord } from "@/lib/api/types";
import { duration } from "@/lib/format";

const WORDS: Record<string, string> = {
  gate: "Waited for a sleep to end",
  claim: "Runner of the pool taken",
  spawn: "Process started",
  runtime: "Runner started",
  checkin: "Checked in",
  imports: "Your code imported",
  startup: "App started",
  first_byte: "First byte",
};

export interface Bar {
  name: string;
  words: string;
  ms: number;
  /** Where it begins and how long it is, in hundredths of the whole. */
  left: number;
  width: number;
}

/** The bars of a wake. A phase too short to be seen keeps a hair's breadth. */
export function waterfall(wake: Pick<WakeRecord, "phases">): Bar[] {
  const whole = wake.phases.reduce((sum, phase) => sum + phase.ms, 0) || 1;
  let before = 0;
  return wake.phases.map(({ name, ms }) => {
    const width = Math.max((ms / whole) * 100, 0.5);
    const left = Math.min((before / whole) * 100, 100 - width);
    before += ms;
    return { name, words: WORDS[name] ?? name, ms, left, width };
  });
}

/** The import that took the most, in words; nothing where none is dear. */
export function dearest(wake: Pick<WakeRecord, "modules">): string | undefined {
  const first = wake.modules[0];
  return first && first.ms >= 1 ? `${first.name} took ${duration(first.ms)} of it` : undefined;
}

/** What woke the app, in words. */
export function cause(wake: Pick<WakeRecord, "cause" | "method" | "path">): string {
  if (wake.cause === "request") return `${wake.method ?? "GET"} ${wake.path ?? "/"}`;
  return wake.cause === "api" ? "Woken by hand" : "A connection that waited";
}

/** What the wake was spared, in words; nothing where it began from the framework alone. */
export function spared(wake: Pick<WakeRecord, "start">): string | undefined {
  if (wake.start === "imported") return "The app was kept imported";
  if (wake.start === "pool") return "A runner of the pool was waiting";
  return wake.start === "packages" ? "The app's packages were kept imported" : undefined;
}
