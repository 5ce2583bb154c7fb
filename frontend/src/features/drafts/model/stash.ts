/**
 * The second copy of a draft, on this device, from the first keystroke until the server has it. It holds what the edits
 * were based on, so that a draft that meanwhile changed elsewhere can be merged instead of overwritten.
 */
import { dropLocal, readLocal, writeLocal } from "@/lib/local";
import type { Files } from "./merge";

export interface Stash {
  files: Files;
  entrypoint: string;
  base: Files;
  etag: string;
}

const key = (app: string) => `fp:draft:${app}`;

export const stash = {
  read: (app: string) => readLocal<Stash>(key(app)),
  write: (app: string, value: Stash) => writeLocal(key(app), value),
  drop: (app: string) => dropLocal(key(app)),
};
