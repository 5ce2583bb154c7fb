/** Which of a request's recorded headers go along when it is sent again. Pure. */
import type { RequestRecord } from "@/lib/api/types";

/** What whoever sends it says for itself: about the connection, the body (there is none) and the browser that it was. */
const OWN =
  /^(accept-encoding|connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$|^(proxy|sec)-/;

export function sendable(record: Pick<RequestRecord, "headers">): { name: string; value: string }[] {
  return (record.headers?.request ?? []).flatMap(({ name, value }) =>
    value === null || OWN.test(name) ? [] : [{ name, value }],
  );
}
