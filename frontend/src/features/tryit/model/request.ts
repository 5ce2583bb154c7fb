/** The request in the test panel, and its answer, as text that people read. Pure. */
import type { ExampleRequest, TestRequest, TestResponse } from "@/lib/api/types";

export interface TryRequest {
  method: string;
  path: string;
  body: string;
}

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
export const FIRST: TryRequest = { method: "GET", path: "/", body: "" };

const BODYLESS = new Set(["GET", "HEAD"]);

export function takesBody(method: string): boolean {
  return !BODYLESS.has(method);
}

export function fromExample(example: ExampleRequest): TryRequest {
  return { method: example.method, path: example.path, body: example.body ?? "" };
}

export function sameRequest(a: TryRequest, b: TryRequest): boolean {
  return a.method === b.method && a.path === b.path && a.body === b.body;
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

export function toWire(request: TryRequest): TestRequest {
  const path = request.path.startsWith("/") ? request.path : `/${request.path}`;
  const body = takesBody(request.method) && request.body !== "" ? request.body : null;
  return { method: request.method, path, body, headers: body === null ? {} : { "content-type": contentType(body) } };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function asCurl(request: TryRequest, url: string): string {
  const wire = toWire(request);
  const parts = ["curl", wire.method === "GET" ? "" : `-X ${wire.method}`, quoted(url.replace(/\/$/, "") + wire.path)];
  for (const [name, value] of Object.entries(wire.headers ?? {})) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (wire.body) parts.push(`-d ${quoted(wire.body)}`);
  return parts.filter(Boolean).join(" ");
}

export interface Shown {
  text: string;
  json: boolean;
}

/** The answer's body for reading: JSON indented, bytes that are no text told as such. */
export function shownBody(answer: TestResponse): Shown {
  if (answer.encoding === "base64")
    return { text: `${bytesOf(answer.body).toLocaleString("en-US")} bytes that are not text`, json: false };
  try {
    return { text: JSON.stringify(JSON.parse(answer.body), null, 2), json: true };
  } catch {
    return { text: answer.body, json: false };
  }
}

function bytesOf(base64: string): number {
  return Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
}
