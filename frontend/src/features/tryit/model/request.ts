/** The request in the test panel: what is typed, how it is sent, and as what other programs would send it. Pure. */
import type { ExampleRequest, TestRequest } from "@/lib/api/types";
import { asCurl as curl } from "@/lib/curl";

export interface Pair {
  name: string;
  value: string;
}

export interface TryRequest {
  method: string;
  /** With its query string. */
  path: string;
  body: string;
  headers?: Pair[];
}

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
export const FIRST: TryRequest = { method: "GET", path: "/", body: "" };

const BODYLESS = new Set(["GET", "HEAD"]);

export function takesBody(method: string): boolean {
  return !BODYLESS.has(method);
}

export function fromExample(example: ExampleRequest): TryRequest {
  const headers = Object.entries(example.headers ?? {}).map(([name, value]) => ({ name, value }));
  const text = example.body_encoding === "base64" ? "" : (example.body ?? "");
  return { method: example.method ?? "GET", path: example.path ?? "/", body: text, headers };
}

export function toExample(request: TryRequest, name: string): ExampleRequest {
  const wire = toWire(request);
  const headers = Object.fromEntries(filled(request.headers).map((one) => [one.name, one.value]));
  return { name, method: wire.method, path: wire.path, body: wire.body, headers, body_encoding: "utf-8" };
}

export function sameRequest(a: TryRequest, b: TryRequest): boolean {
  const key = (one: TryRequest) => JSON.stringify([one.method, one.path, one.body, filled(one.headers)]);
  return key(a) === key(b);
}

/** Headers without the rows that are still empty. */
export function filled(headers: readonly Pair[] | undefined): Pair[] {
  return (headers ?? []).filter((one) => one.name.trim() !== "");
}

/** The type that the body is sent as: JSON when it parses, a form when it looks like one, else plain text. */
export function contentType(body: string): string {
  try {
    JSON.parse(body);
    return "application/json";
  } catch {
    return /^[^\s=&]+=[^\s&]*(&[^\s=&]+=[^\s&]*)*$/.test(body.trim())
      ? "application/x-www-form-urlencoded"
      : "text/plain";
  }
}

export function toWire(request: TryRequest): TestRequest & { method: string; path: string } {
  const path = request.path.startsWith("/") ? request.path : `/${request.path}`;
  const body = takesBody(request.method) && request.body !== "" ? request.body : null;
  const headers = Object.fromEntries(filled(request.headers).map((one) => [one.name.trim(), one.value]));
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  if (body !== null && !typed) headers["content-type"] = contentType(body);
  return { method: request.method, path, body, body_encoding: "utf-8", headers };
}

// --- the query, as rows ------------------------------------------------------------------------------------------------

export function queryOf(path: string): Pair[] {
  const at = path.indexOf("?");
  return at < 0 ? [] : [...new URLSearchParams(path.slice(at + 1))].map(([name, value]) => ({ name, value }));
}

export function withQuery(path: string, query: readonly Pair[]): string {
  const bare = path.split("?", 1)[0] ?? "/";
  const rows = query.filter((one) => one.name !== "");
  return rows.length === 0 ? bare : `${bare}?${new URLSearchParams(rows.map((one) => [one.name, one.value]))}`;
}

// --- as other programs ----------------------------------------------------------------------------------------------------

export function asCurl(request: TryRequest, url: string): string {
  const { headers, ...wire } = toWire(request);
  return curl({ ...wire, headers: Object.entries(headers ?? {}).map(([name, value]) => ({ name, value })) }, url);
}

/** The same in Python; JSON texts are Python's own literals but for three words, so they are passed as they are. */
export function asHttpx(request: TryRequest, url: string): string {
  const wire = toWire(request);
  const text = (value: string) => JSON.stringify(value);
  const rows = Object.entries(wire.headers ?? {}).map(([name, value]) => `${text(name)}: ${text(value)}`);
  const lines = [text(wire.method), text(url.replace(/\/$/, "") + wire.path)];
  if (rows.length > 0) lines.push(`headers={${rows.join(", ")}}`);
  if (wire.body) lines.push(`content=${text(wire.body)}`);
  return `import httpx\n\nresponse = httpx.request(\n${lines.map((line) => `    ${line},\n`).join("")})\nprint(response.status_code, response.text)\n`;
}
