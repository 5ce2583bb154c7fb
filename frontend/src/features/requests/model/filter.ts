/**
 * The words that filter a request list: `status:>=400 path:/notes* method:post ms:>100 trace:KeyError`, and plain words that
 * the path or the query string must hold. The server filters; here they become its parameters. Terms add up; one that cannot be
 * understood filters nothing, and what is wrong with it, and where it stands, is told.
 */
import type { RequestRecord } from "@/lib/api/types";
import { type Term, terms } from "./terms";

export interface FilterQuery {
  status?: string;
  method?: string;
  path?: string;
  ms?: string;
  cold?: string;
  htmx?: string;
  version?: string;
  trace?: string;
  request_id?: string;
  q?: string;
}

export interface FilterProblem {
  /** The characters of the words that are wrong. */
  from: number;
  to: number;
  message: string;
}

export interface Filter {
  query: FilterQuery;
  problems: FilterProblem[];
}

interface Key {
  /** The server's parameter. */
  parameter: keyof FilterQuery;
  about: string;
  shape: RegExp;
  /** What it has to be, to somebody whose value is not. */
  must: string;
  /** Values worth suggesting. */
  values: readonly string[];
}

const FLAG = { shape: /^true$/, must: "can only be true", values: ["true"] };

export const KEYS: Record<string, Key> = {
  status: {
    parameter: "status",
    about: "Status code",
    shape: /^([1-5]xx|(>=|<=|>|<)?[1-9]\d{2}|[1-9]\d{2}\.\.[1-9]\d{2})$/i,
    must: "must be like 404, 5xx, >=400 or 400..429",
    values: [">=400", "5xx", "4xx", "2xx", "404"],
  },
  method: {
    parameter: "method",
    about: "HTTP method",
    shape: /^[a-z]{1,20}$/i,
    must: "must be a method like POST",
    values: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  },
  path: {
    parameter: "path",
    about: "Whole path; * is any text",
    shape: /^[/*](?!(.*\*[^*]+){3}.*\*)/,
    must: "must begin with / or *, with three * at most",
    values: [],
  },
  ms: {
    parameter: "ms",
    about: "Milliseconds it took",
    shape: /^((>=|<=|>|<)?\d{1,9}(\.\d{1,6})?|\d{1,9}(\.\d{1,6})?\.\.\d{1,9}(\.\d{1,6})?)$/,
    must: "must be like >100, <=20 or 100..500",
    values: [">100", ">1000", "<10"],
  },
  cold: { parameter: "cold", about: "Waited for a wake", ...FLAG },
  htmx: { parameter: "htmx", about: "Sent by HTMX", ...FLAG },
  trace: { parameter: "trace", about: "Text in the traceback", shape: /./s, must: "needs a text", values: [] },
  version: {
    parameter: "version",
    about: "Version that answered",
    shape: /^v?\d{1,9}$/,
    must: "must be a number like 7",
    values: [],
  },
  id: { parameter: "request_id", about: "A request's id", shape: /./s, must: "needs an id", values: [] },
};

const LONGEST = 200;

export function parseFilter(words: string): Filter {
  const query: FilterQuery = {};
  const problems: FilterProblem[] = [];
  const plain: string[] = [];
  for (const term of terms(words)) {
    const wrong = term.key === null ? takePlain(term, plain) : take(term, query);
    if (wrong) problems.push({ from: term.from, to: term.to, message: wrong });
  }
  if (plain.length > 0) query.q = plain.join(" ");
  return { query, problems };
}

function takePlain(term: Term, plain: string[]): string | null {
  if (plain.join(" ").length + term.value.length > LONGEST) return `More than ${LONGEST} characters of plain words`;
  plain.push(term.value);
  return null;
}

/** Puts a term into the query; answers what is wrong with it. */
function take(term: Term, query: FilterQuery): string | null {
  const name = term.key?.toLowerCase() ?? "";
  const key = KEYS[name];
  if (!key) return `${term.key}: is no word to filter by; use ${list(Object.keys(KEYS))}`;
  if (!key.shape.test(term.value)) return `${name}: ${key.must}${term.value === "" ? "" : `, not ${term.value}`}`;
  if (term.value.length > LONGEST) return `${name}: is longer than ${LONGEST} characters`;
  if (query[key.parameter] !== undefined) return `${name}: is there twice; only the first one counts`;
  if (backwards(term.value)) return `${name}: ${term.value} has nothing in it; the smaller number comes first`;
  query[key.parameter] = name === "version" ? term.value.replace("v", "") : term.value;
  return null;
}

function backwards(value: string): boolean {
  const [, low, high] = /^(\d[\d.]*?)\.\.(\d[\d.]*)$/.exec(value) ?? [];
  return low !== undefined && Number(low) > Number(high);
}

function list(names: string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** The words with that term in them, or without it where it was: what a switch beside the field does. */
export function toggleTerm(words: string, wanted: string): string {
  const kept = terms(words).filter((term) => term.text !== wanted);
  const had = kept.length < terms(words).length;
  return [...kept.map((term) => term.text), ...(had ? [] : [wanted])].join(" ");
}

export function hasTerm(words: string, wanted: string): boolean {
  return terms(words).some((term) => term.text === wanted);
}

export function full(record: Pick<RequestRecord, "path" | "query">): string {
  return record.query ? `${record.path}?${record.query}` : record.path;
}
