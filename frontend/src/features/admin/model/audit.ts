/** What of the audit log is asked for, and an entry in words. Pure. */

export const OUTCOMES = ["ok", "refused", "failed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface AuditWanted {
  user?: string;
  app?: string;
  operation?: string;
  outcome?: Outcome;
  since?: string;
  until?: string;
}

/** What an address asks for; empty and senseless values are left out. */
export function readWanted(search: { [K in keyof AuditWanted]?: string }): AuditWanted {
  const { user, app, operation, since, until } = search;
  const outcome = OUTCOMES.find((one) => one === search.outcome);
  const given = { user, app, operation, outcome, since: time(since), until: time(until) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as AuditWanted;
}

const time = (text: string | undefined) => (text && !Number.isNaN(Date.parse(text)) ? text : undefined);

/** `change_platform_settings` as people say it. */
export function operationWords(operation: string): string {
  const words = operation.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function operationName(words: string): string {
  return words.trim().toLowerCase().replace(/\s+/g, "_");
}

/** Below 400; 400 to 499; 500 and above, or no answer at all. */
export function outcomeOf(status: number | null): Outcome {
  if (status === null || status >= 500) return "failed";
  return status >= 400 ? "refused" : "ok";
}

/** A moment as a field of date and time takes it, in local time; and back. */
export function toField(iso: string | undefined): string {
  if (!iso) return "";
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromField(local: string): string | undefined {
  return local === "" ? undefined : new Date(local).toISOString();
}
