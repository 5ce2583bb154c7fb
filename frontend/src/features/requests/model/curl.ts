/** A recorded request as a curl line, with the headers of one that failed. Bodies are not recorded, so none is in it. */
import type { RequestRecord } from "@/lib/api/types";
import { full } from "./filter";
import { sendable } from "./headers";

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function asCurl(record: Pick<RequestRecord, "method" | "path" | "query" | "headers">, url: string): string {
  const method = record.method === "GET" ? "" : record.method === "HEAD" ? "--head " : `-X ${quoted(record.method)} `;
  const headers = sendable(record).map((one) => ` -H ${quoted(`${one.name}: ${one.value}`)}`);
  return `curl ${method}${quoted(url.replace(/\/$/, "") + full(record))}${headers.join("")}`;
}
