/** A recorded request as a curl line. Headers and body are not recorded, so they are not in it either. */
import type { RequestRecord } from "@/lib/api/types";
import { full } from "./filter";

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function asCurl(record: Pick<RequestRecord, "method" | "path" | "query">, url: string): string {
  const method = record.method === "GET" ? "" : record.method === "HEAD" ? "--head " : `-X ${quoted(record.method)} `;
  return `curl ${method}${quoted(url.replace(/\/$/, "") + full(record))}`;
}
