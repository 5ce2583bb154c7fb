/** The page of documents that the address asks for. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Asked, documentsQuery } from "./api/databases";
import type { JsonObject } from "./model/extended";
import type { PastQuery } from "./model/past";
import { readQuery } from "./model/query-text";
import { DEFAULT_SIZE, type ExplorerSearch } from "./search";

export interface Place {
  database: string;
  collection: string;
  search: ExplorerSearch;
}

export type DocumentsPage = ReturnType<typeof useDocuments>;

export function useDocuments({ database, collection, search }: Place) {
  const { filter = "", projection = "", sort = "", after, size = DEFAULT_SIZE } = search;
  const applied = useMemo<PastQuery>(() => ({ filter, projection, sort }), [filter, projection, sort]);
  const asked = useMemo(() => askedOf(applied, after, size), [applied, after, size]);
  const query = useQuery({
    ...documentsQuery(database, collection, asked),
    enabled: asked !== null && search.view !== "indexes",
  });
  const documents = useMemo(() => (query.data?.items ?? []) as unknown as JsonObject[], [query.data]);
  return { applied, asked, query, documents, key: JSON.stringify([database, collection, applied, size]) };
}

/** Null while there is a mistake in it: then there is nothing to ask. */
function askedOf({ filter, projection, sort }: PastQuery, cursor: string | undefined, limit: number): Asked | null {
  const read = { filter: readQuery(filter), projection: readQuery(projection), sort: readQuery(sort) };
  if (read.filter.mistake || read.projection.mistake || read.sort.mistake) return null;
  const said = (text: string, json: string) => (text.trim() === "" ? undefined : json);
  return {
    filter: said(filter, read.filter.json),
    projection: said(projection, read.projection.json),
    sort: said(sort, read.sort.json),
    cursor,
    limit,
  };
}
