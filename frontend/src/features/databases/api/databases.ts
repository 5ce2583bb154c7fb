/** Databases, what is in them, and the documents that a query finds. Documents come with every type kept. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { DATABASES_KEY } from "@/lib/databases";
import { LIST_MS } from "@/lib/query";

/** More collections than that are looked for by name in the address. */
const MOST_COLLECTIONS = 1000;
/** MongoDB is asked about each collection by itself, so many of them are asked about less often. */
const MANY_COLLECTIONS = 50;
const SLOW_MS = 15_000;
const RARELY_MS = 60_000;

/** The name of the database that an app is bound to; null before its first use. */
export function boundQuery(app: string) {
  return queryOptions({
    queryKey: ["settings", app],
    queryFn: ({ signal }) => body(api.GET("/api/apps/{key}/settings", { params: { path: { key: app } }, signal })),
    select: (settings) => settings.database,
    refetchInterval: LIST_MS,
  });
}

export function databaseQuery(database: string) {
  return queryOptions({
    queryKey: ["database", database],
    queryFn: ({ signal }) => body(api.GET("/api/databases/{database}", { params: { path: { database } }, signal })),
    refetchInterval: SLOW_MS,
  });
}

export function collectionsQuery(database: string) {
  return queryOptions({
    queryKey: ["collections", database],
    queryFn: async ({ signal }) => {
      const items = [];
      let cursor: string | undefined;
      do {
        const params = { path: { database }, query: { cursor, limit: 200 } };
        const page = await body(api.GET("/api/databases/{database}/collections", { params, signal }));
        items.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor && items.length < MOST_COLLECTIONS);
      return items;
    },
    refetchInterval: (query) => ((query.state.data?.length ?? 0) > MANY_COLLECTIONS ? RARELY_MS : LIST_MS),
  });
}

export function indexesQuery(database: string, collection: string) {
  return queryOptions({
    queryKey: ["indexes", database, collection],
    queryFn: async ({ signal }) => {
      const params = { path: { database, collection } };
      return (await body(api.GET("/api/databases/{database}/collections/{collection}/indexes", { params, signal })))
        .items;
    },
  });
}

/** Strict JSON, each absent where nothing was said. */
export interface Asked {
  filter?: string;
  projection?: string;
  sort?: string;
  cursor?: string;
  limit: number;
}

export function documentsQuery(database: string, collection: string, asked: Asked | null) {
  return queryOptions({
    queryKey: ["documents", database, collection, asked],
    queryFn: ({ signal }) => {
      const params = { path: { database, collection }, query: { ...asked, format: "canonical" as const } };
      return body(api.GET("/api/databases/{database}/collections/{collection}/documents", { params, signal }));
    },
    enabled: asked !== null,
    // What is read stays as it is until somebody asks again: a page that changes while one reads it helps nobody.
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}

export function countQuery(database: string, collection: string, filter: string | undefined) {
  return queryOptions({
    queryKey: ["count", database, collection, filter],
    queryFn: async ({ signal }) => {
      const params = { path: { database, collection }, query: { filter } };
      return (await body(api.GET("/api/databases/{database}/collections/{collection}/count", { params, signal })))
        .count;
    },
    refetchOnWindowFocus: false,
    retry: false,
  });
}

export function exportAddress(
  place: { database: string; collection: string },
  format: string,
  filter?: string,
): string {
  const query = new URLSearchParams(filter ? { format, filter } : { format });
  const [database, collection] = [encodeURIComponent(place.database), encodeURIComponent(place.collection)];
  return `/api/databases/${database}/collections/${collection}/export?${query}`;
}

/** With all its data; its name is asked for again. */
export function useDropDatabase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      body(api.DELETE("/api/databases/{database}", { params: { path: { database: id }, query: { name } } })),
    onSettled: () => client.invalidateQueries({ queryKey: DATABASES_KEY }),
  });
}
