/**
 * Variables as rows that are being edited: what differs from what is kept, what is wrong with a name, and reading the text of
 * a `.env` file that somebody pastes. Pure.
 */

export interface Row {
  name: string;
  value: string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_VALUE_BYTES = 4096;

export function rowsOf(env: Readonly<Record<string, string>>): Row[] {
  return Object.entries(env)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Why the row could not be saved; undefined when it could. */
export function fault(row: Row, others: readonly string[]): string | undefined {
  const name = row.name.trim();
  if (name === "") return row.value === "" ? undefined : "A name is missing";
  if (!NAME.test(name)) return "Letters, digits and _ only, and no digit first";
  if (name.startsWith("FP_") || name.startsWith("PLATFORM_")) return "FP_ and PLATFORM_ are the platform's own";
  if (others.includes(name)) return `${name} is there already`;
  if (new TextEncoder().encode(row.value).length > MAX_VALUE_BYTES) return "A value has at most 4 KB";
  return undefined;
}

/** What to send: those that are new or different, and null for those that went. */
export function changes(env: Readonly<Record<string, string>>, rows: readonly Row[]): Record<string, string | null> {
  const wanted = new Map(rows.filter((row) => row.name.trim() !== "").map((row) => [row.name.trim(), row.value]));
  const gone = Object.keys(env).filter((name) => !wanted.has(name));
  const set = [...wanted].filter(([name, value]) => env[name] !== value);
  return Object.fromEntries([...set, ...gone.map((name): [string, null] => [name, null])]);
}

/** The rows of a pasted `.env` text; null when it is not one, so that the paste is an ordinary one. */
export function fromDotenv(text: string): Row[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  const rows = lines.map((line) => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line));
  if (lines.length === 0 || rows.some((found) => found === null)) return null;
  return rows.map((found) => ({ name: found?.[1] ?? "", value: unquoted(found?.[2] ?? "") }));
}

function unquoted(value: string): string {
  const trimmed = value.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/.exec(trimmed);
  if (!quoted) return trimmed.replace(/\s+#.*$/, "");
  return quoted[2] ?? (quoted[1] ?? "").replace(/\\n/g, "\n").replace(/\\(["\\])/g, "$1");
}

/** Pasted rows into those that are there: the same name takes the new value. */
export function merged(rows: readonly Row[], pasted: readonly Row[]): Row[] {
  const names = new Set(pasted.map((row) => row.name));
  return [...rows.filter((row) => !names.has(row.name.trim()) && (row.name || row.value)), ...pasted];
}
