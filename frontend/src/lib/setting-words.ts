/** What differs in an app's settings between two versions, in words. */
import type { Diff } from "@/lib/api/types";

type Setting = Diff["settings"][number];

export function settingWords({ name, before, after }: Setting): string {
  const [kind, variable] = split(name);
  if (kind === "secrets") return `Secret ${variable} was ${verb(before, after)}`;
  if (kind === "env") {
    if (before === null) return `Variable ${variable} was added: ${shown(after)}`;
    if (after === null) return `Variable ${variable} was removed, it was ${shown(before)}`;
    return `Variable ${variable} was ${shown(before)} and becomes ${shown(after)}`;
  }
  const [label, unit] = LIMITS[kind] ?? [kind, ""];
  const value = (text: string | null) => (text === null ? "the default" : `${text}${unit}`);
  return `${label}: ${value(before)} becomes ${value(after)}`;
}

const LIMITS: Readonly<Record<string, readonly [string, string]>> = {
  memory_mb: ["Memory", " MB"],
  cpus: ["Cores", ""],
};

function split(name: string): [string, string] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

function verb(before: string | null, after: string | null): string {
  if (before === null) return "added";
  return after === null ? "removed" : "set to another value";
}

function shown(text: string | null): string {
  const value = text ?? "";
  return value.length > 60 ? `“${value.slice(0, 60)}…”` : `“${value}”`;
}
