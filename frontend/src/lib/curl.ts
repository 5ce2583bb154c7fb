/** A request as a line of curl for a shell, which runs nothing of it, whatever a visitor asked for. Pure. */

export interface CurlRequest {
  method: string;
  /** With its query string. */
  path: string;
  headers: readonly { name: string; value: string }[];
  body?: string | null;
}

/** `url`: the app's, with or without a slash at its end. */
export function asCurl(request: CurlRequest, url: string): string {
  const parts = ["curl", ...method(request.method), quoted(url.replace(/\/$/, "") + request.path)];
  for (const { name, value } of request.headers) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body) parts.push(`--data-raw ${quoted(request.body)}`);
  return parts.join(" ");
}

function method(name: string): string[] {
  if (name === "GET") return [];
  return [name === "HEAD" ? "--head" : `-X ${/^[A-Z]+$/.test(name) ? name : quoted(name)}`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
