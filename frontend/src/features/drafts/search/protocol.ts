/** What the page asks of the worker that runs expressions. It answers with what was found, or with the texts that change. */
import type { Files } from "../model/merge";
import type { Query } from "../model/search";

export type Question =
  | { kind: "search"; files: Files; query: Query }
  | { kind: "replace"; files: Files; query: Query; by: string };
