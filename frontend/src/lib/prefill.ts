/**
 * A request handed to the editor's test panel from another screen: it is what the panel shows when the editor is opened next.
 * The panel keeps its last request on this device under the same key.
 */
import { writeLocal } from "./local";

export interface Prefill {
  method: string;
  /** With its query string. */
  path: string;
  body: string;
  headers: { name: string; value: string }[];
}

export function prefill(app: string, request: Prefill): void {
  writeLocal(`fp:try:${app}`, request);
}
