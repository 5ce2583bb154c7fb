/** Reading apps: what more than one screen needs to know of them. The rest of the verbs are in features/apps. */
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./api/client";
import type { AppStatus } from "./api/types";
import { LIST_MS, LIVE_MS } from "./query";

const BUSY: ReadonlySet<AppStatus> = new Set(["deploying", "waking"]);

export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: async ({ signal }) => {
    const items = [];
    let cursor: string | undefined;
    do {
      const page = await body(api.GET("/api/apps", { params: { query: { cursor, limit: 200 } }, signal }));
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor);
    return items;
  },
  refetchInterval: LIST_MS,
});

/** One app by its name; asked for more often while it is between two states. */
export function appQuery(name: string) {
  return queryOptions({
    queryKey: ["app", name],
    queryFn: ({ signal }) => body(api.GET("/api/apps/{key}", { params: { path: { key: name } }, signal })),
    refetchInterval: (query) => (query.state.data && BUSY.has(query.state.data.status) ? 700 : LIVE_MS),
  });
}
