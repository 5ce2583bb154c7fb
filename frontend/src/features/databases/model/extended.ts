/**
 * Canonical Extended JSON made readable. The server keeps every type (`{"$numberInt": "5"}`); people see `5`, with the type
 * where it is not plain. What is copied is exact again, in its shortest form: a whole double is `5.0`, a date its own time.
 */
import type { Json } from "@/components/json-tree";

export type JsonObject = { [key: string]: Json };

export interface Readable {
  /** As people read it. */
  text: string;
  /** The type in a word where it is not plain JSON. */
  type: string;
  look: "number" | "string" | "literal" | "special";
}

const SHOWN_CHARS = 200;
/** Dates between which their text is exact: the years 0 to 9999. */
const DATES: [number, number] = [-62_167_219_200_000, 253_402_300_799_999];

/** Null for objects and lists, which are shown as what they hold. */
export function readable(value: Json): Readable | null {
  if (value === null || typeof value === "boolean" || typeof value === "number")
    return { text: String(value), type: "", look: "literal" };
  if (typeof value === "string") return { text: value, type: "", look: "string" };
  return Array.isArray(value) ? null : special(value);
}

function special(value: JsonObject): Readable | null {
  const keys = Object.keys(value);
  const key = keys[0];
  if (key === undefined || !key.startsWith("$") || keys.length > 2) return null;
  if (keys.length === 2) return key === "$code" && keys[1] === "$scope" ? shown(String(value.$code), "Code") : null;
  return READERS[key]?.(value[key] as Json) ?? null;
}

const shown = (text: string, type: string): Readable => ({ text, type, look: "special" });
const number = (text: string, type: string): Readable => ({ text, type, look: "number" });
const string = (value: Json): string | null => (typeof value === "string" ? value : null);
const object = (value: Json): JsonObject | null =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;

const READERS: Record<string, (inner: Json) => Readable | null> = {
  $oid: (hex) => (string(hex) === null ? null : shown(String(hex), "ObjectId")),
  $numberInt: (digits) => (string(digits) === null ? null : number(String(digits), "")),
  $numberLong: (digits) => (string(digits) === null ? null : number(String(digits), "Long")),
  $numberDouble: (digits) => (string(digits) === null ? null : number(String(digits), "")),
  $numberDecimal: (digits) => (string(digits) === null ? null : number(String(digits), "Decimal")),
  $date: (inner) => date(inner),
  $binary: (inner) => binary(object(inner)),
  $uuid: (text) => (string(text) === null ? null : shown(String(text), "UUID")),
  $regularExpression: (inner) => {
    const pattern = object(inner);
    return pattern && shown(`/${pattern.pattern}/${pattern.options}`, "Pattern");
  },
  $timestamp: (inner) => {
    const stamp = object(inner);
    return stamp && shown(`${moment(Number(stamp.t) * 1000)}, ${stamp.i}`, "Timestamp");
  },
  $minKey: () => shown("MinKey", ""),
  $maxKey: () => shown("MaxKey", ""),
  $undefined: () => shown("undefined", ""),
  $symbol: (text) => (string(text) === null ? null : shown(String(text), "Symbol")),
  $code: (text) => (string(text) === null ? null : shown(String(text), "Code")),
};

function date(inner: Json): Readable | null {
  const time = milliseconds(inner);
  return time === null ? null : shown(moment(time), "Date");
}

function milliseconds(inner: Json): number | null {
  const digits = typeof inner === "string" ? String(Date.parse(inner)) : object(inner)?.$numberLong;
  const time = Number(digits);
  return digits === undefined || Number.isNaN(time) ? null : time;
}

function moment(time: number): string {
  const [first, last] = DATES;
  return time < first || time > last ? `${time} ms since 1970` : new Date(time).toISOString().replace(".000Z", "Z");
}

function binary(inner: JsonObject | null): Readable | null {
  const base64 = inner && string(inner.base64 ?? null);
  if (base64 === null || !inner) return null;
  if (String(inner.subType) === "04") {
    const uuid = uuidOf(base64);
    if (uuid) return shown(uuid, "UUID");
  }
  const bytes = Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
  const cut = base64.length > SHOWN_CHARS ? `${base64.slice(0, SHOWN_CHARS)}…` : base64;
  return shown(cut, `Binary ${inner.subType}, ${bytes.toLocaleString("en-US")} bytes`);
}

function uuidOf(base64: string): string | null {
  if (base64.length !== 24) return null;
  const hex = [...atob(base64)].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : null;
}

/** Exact Extended JSON, on one line or indented; reading it back gives the same types. */
export function exact(value: Json, indent = 0, depth = 0): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (!Array.isArray(value)) {
    const plain = plainly(value);
    if (plain !== null) return plain;
  }
  const parts = Array.isArray(value)
    ? value.map((one) => exact(one, indent, depth + 1))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${exact(one, indent, depth + 1)}`);
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  if (indent === 0 || parts.length === 0 || isTyped(value)) return `${left}${parts.join(", ")}${right}`;
  const pad = " ".repeat(indent * (depth + 1));
  return `${left}\n${pad}${parts.join(`,\n${pad}`)}\n${" ".repeat(indent * depth)}${right}`;
}

const isTyped = (value: Json): boolean => readable(value) !== null;

/** Those types that plain JSON has a form for: 32-bit integers, finite doubles, dates that a text can say. */
function plainly(value: JsonObject): string | null {
  const keys = Object.keys(value);
  if (keys.length !== 1) return null;
  const { $numberInt: integer, $numberDouble: double, $date: inner } = value;
  if (typeof integer === "string") return integer;
  if (typeof double === "string" && /^-?\d/.test(double)) return /[.eE]/.test(double) ? double : `${double}.0`;
  const time = inner === undefined ? null : milliseconds(inner);
  if (time === null || time < 0 || time > DATES[1]) return null;
  return JSON.stringify({ $date: new Date(time).toISOString() });
}

/** A value in a table's cell: one short line. */
export function cell(value: Json | undefined): Readable | null {
  if (value === undefined) return null;
  const found = readable(value);
  if (found)
    return found.text.length > SHOWN_CHARS ? { ...found, text: `${found.text.slice(0, SHOWN_CHARS)}…` } : found;
  const count = Object.keys(value as object).length;
  const text = Array.isArray(value) ? `[ ${count} ]` : `{ ${count} }`;
  return { text, type: Array.isArray(value) ? "List" : "Object", look: "literal" };
}

/** The fields of these documents in the order of a table: the id, then those that most have. */
export function columnsOf(documents: readonly Json[], most: number): { columns: string[]; left: number } {
  const counts = new Map<string, number>();
  for (const document of documents)
    for (const key of Object.keys(object(document) ?? {})) counts.set(key, (counts.get(key) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  const columns = ["_id", ...common.filter((key) => key !== "_id")].filter((key) => counts.has(key));
  return { columns: columns.slice(0, most), left: Math.max(0, columns.length - most) };
}

/** The field of a filter that finds this place; null where none can (a dot or a $ in a name). */
export function fieldOf(path: readonly (string | number)[]): string | null {
  const keys = path.filter((part) => typeof part === "string");
  return keys.length === 0 || keys.some((key) => key === "" || /^\$|\./.test(key)) ? null : keys.join(".");
}
