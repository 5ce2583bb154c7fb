/** The last requests sent from the test panel, kept on this device; the same one again moves to the front. Pure. */
import { sameRequest, type TryRequest } from "./request";

export const KEPT = 20;
/** Bodies above this are not kept: storage on a device is small, and shared by all apps. */
const LARGEST = 20_000;

export interface Sent {
  request: TryRequest;
  status: number;
  ms: number;
  /** Milliseconds since 1970. */
  at: number;
}

export function remembered(history: readonly Sent[], sent: Sent): Sent[] {
  if (sent.request.body.length > LARGEST) return [...history];
  return [sent, ...history.filter((one) => !sameRequest(one.request, sent.request))].slice(0, KEPT);
}
