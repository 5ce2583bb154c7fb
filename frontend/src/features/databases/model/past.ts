/** The last queries of a collection, kept on this device. */
import { readLocal, writeLocal } from "@/lib/local";

export interface PastQuery {
  filter: string;
  projection: string;
  sort: string;
}

const MOST = 12;
const key = (database: string, collection: string) => `fp:queries:${database}:${collection}`;

export function pastQueries(database: string, collection: string): PastQuery[] {
  const found = readLocal<PastQuery[]>(key(database, collection));
  return Array.isArray(found) ? found.filter((one) => typeof one?.filter === "string").slice(0, MOST) : [];
}

/** The newest first, each once; asking for everything is no query. */
export function withQuery(past: readonly PastQuery[], query: PastQuery): PastQuery[] {
  if (query.filter === "" && query.projection === "" && query.sort === "") return [...past];
  const same = (one: PastQuery) =>
    one.filter === query.filter && one.projection === query.projection && one.sort === query.sort;
  return [query, ...past.filter((one) => !same(one))].slice(0, MOST);
}

export function rememberQuery(database: string, collection: string, query: PastQuery): void {
  writeLocal(key(database, collection), withQuery(pastQueries(database, collection), query));
}
