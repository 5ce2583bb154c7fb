/**
 * The settings as they are typed, held against those that were seen: what is sent is only what was changed, and when
 * somebody else changed something meanwhile, theirs is taken over everywhere but where one has typed oneself. Pure.
 */
import type { components } from "@/lib/api/schema.gen";

type Settings = components["schemas"]["PlatformSettings"];
type Patch = components["schemas"]["PlatformSettingsPatch"];

export const NUMBERS = [
  { name: "default_idle_minutes", label: "Idle minutes of new apps", hint: "0 to 10080; 0 means never sleep" },
  { name: "versions_kept", label: "Versions kept of each app", hint: "1 to 10, beside the live one" },
  { name: "max_memory_mb", label: "Memory of an app at most, MB", hint: "Empty: what every app has by default" },
  { name: "max_cpus", label: "CPUs of an app at most", hint: "Empty: what every app has by default" },
  { name: "requests_days", label: "Requests, days", hint: "1 to 90" },
  { name: "logs_days", label: "Log lines, days", hint: "1 to 30" },
  { name: "wakes_days", label: "Wakes, days", hint: "1 to 365" },
  { name: "events_days", label: "Events, days", hint: "1 to 365" },
  { name: "audit_days", label: "Audit log, days", hint: "30 to 3650" },
] as const;
export type NumberName = (typeof NUMBERS)[number]["name"];

const LABELS: Readonly<Record<string, string>> = {
  signup_open: "Sign up",
  allowed_imports: "Packages",
  blocked_patterns_off: "Blocked patterns",
  ...Object.fromEntries(NUMBERS.map(({ name, label }) => [name, label])),
};

/** As typed: numbers are texts, so that nothing typed is lost; empty means null. */
export type Typed = { signup_open: boolean; allowed_imports: string[] | null; blocked_patterns_off: string[] } & Record<
  NumberName,
  string
>;

type Field = keyof Typed;

export function typedOf(settings: Settings): Typed {
  const numbers = NUMBERS.map(({ name }) => [name, settings[name] === null ? "" : String(settings[name])]);
  const { signup_open, allowed_imports, blocked_patterns_off } = settings;
  return { signup_open, allowed_imports, blocked_patterns_off, ...Object.fromEntries(numbers) } as Typed;
}

const same = (one: unknown, other: unknown) => plain(one) === plain(other);
const plain = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);

function differing(one: Typed, other: Typed): Field[] {
  return (Object.keys(one) as Field[]).filter((field) => !same(one[field], other[field]));
}

export const changedFields = (seen: Settings, typed: Typed): Field[] => differing(typedOf(seen), typed);

/** What is sent: the fields that were changed. */
export function patchOf(seen: Settings, typed: Typed): Patch {
  const given = changedFields(seen, typed).map((field) => [field, wire(typed[field])]);
  return Object.fromEntries(given) as Patch;
}

function wire(value: Typed[Field]) {
  if (typeof value !== "string") return value;
  return value.trim() === "" ? null : Number(value);
}

/** The first field that holds no number, and what to do about it. */
export function problemsOf(typed: Typed): Partial<Record<NumberName, string>> {
  const wrong = NUMBERS.filter(({ name }) => {
    const optional = name === "max_memory_mb" || name === "max_cpus";
    const text = typed[name].trim();
    return text === "" ? !optional : !(name === "max_cpus" ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text);
  });
  return Object.fromEntries(
    wrong.map(({ name }) => [name, name === "max_cpus" ? "Enter a number" : "Enter a whole number"]),
  );
}

export interface Theirs {
  field: Field;
  label: string;
  now: string;
  /** One has typed something else there, which was left standing. */
  clashes: boolean;
}

/** What somebody else changed between `seen` and `fresh`, and what then stands in the fields. */
export function merged(seen: Settings, fresh: Settings, typed: Typed): { typed: Typed; theirs: Theirs[] } {
  const before = typedOf(seen);
  const now = typedOf(fresh);
  const mine = new Set(differing(before, typed));
  const moved = differing(before, now);
  const taken = moved.filter((field) => !mine.has(field)).map((field) => [field, now[field]]);
  const theirs = moved.map((field) => ({
    field,
    label: LABELS[field] ?? field,
    now: said(now[field]),
    clashes: mine.has(field) && !same(typed[field], now[field]),
  }));
  return { typed: { ...typed, ...Object.fromEntries(taken) }, theirs };
}

function said(value: Typed[Field]): string {
  if (value === null) return "all that are installed";
  if (typeof value === "boolean") return value ? "open" : "closed";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return value === "" ? "the default" : value;
}

/** The field that a refusal of the server begins with, as `logs_days: 1 to 30`. */
export function fieldOf(message: string): string | undefined {
  return /^([a-z_]+): /.exec(message)?.[1];
}
