/**
 * The words that filter a request list: `status:>=400 path:/notes* method:post ms:>100`, and plain words that the path must
 * hold. Terms add up; one that cannot be understood is told, and filters nothing.
 */
import type { RequestRecord } from "@/lib/api/types";

type Test = (record: RequestRecord) => boolean;

export interface Filter {
  matches: Test;
  unknown: string[];
}

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  "": (a, b) => a === b,
};

export function parseFilter(words: string, only: { cold?: boolean; errors?: boolean } = {}): Filter {
  const tests: Test[] = [];
  const unknown: string[] = [];
  for (const term of words.split(/\s+/).filter(Boolean)) {
    const test = parseTerm(term);
    if (test) tests.push(test);
    else unknown.push(term);
  }
  if (only.cold) tests.push((record) => record.cold_start_ms !== null);
  if (only.errors) tests.push((record) => record.status >= 400);
  return { matches: (record) => tests.every((test) => test(record)), unknown };
}

function parseTerm(term: string): Test | null {
  const [, key, value] = /^(status|ms|path|method):(.*)$/.exec(term) ?? [];
  if (key === undefined || value === undefined) return /^\w+:/.test(term) ? null : contains(term);
  if (value === "") return null;
  if (key === "method") return (record) => record.method === value.toUpperCase();
  if (key === "path") return pathTest(value);
  return numberTest(key === "status" ? (record) => record.status : (record) => record.ms, value);
}

function contains(word: string): Test {
  const wanted = word.toLowerCase();
  return (record) => full(record).toLowerCase().includes(wanted);
}

function pathTest(pattern: string): Test {
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const shape = new RegExp(`^${source}$`);
  return (record) => shape.test(record.path);
}

/** `404`, `>=400`, and `4xx` for a hundred of them. */
function numberTest(read: (record: RequestRecord) => number, value: string): Test | null {
  const hundred = /^([1-5])xx$/.exec(value);
  if (hundred) return (record) => Math.floor(read(record) / 100) === Number(hundred[1]);
  const [, sign = "", digits] = /^(>=|<=|>|<)?(\d+(?:\.\d+)?)$/.exec(value) ?? [];
  const compare = COMPARISONS[sign];
  if (digits === undefined || !compare) return null;
  return (record) => compare(read(record), Number(digits));
}

export function full(record: Pick<RequestRecord, "path" | "query">): string {
  return record.query ? `${record.path}?${record.query}` : record.path;
}
