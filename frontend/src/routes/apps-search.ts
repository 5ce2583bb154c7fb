/** What an address says of a list of apps: which of them, and in which order. */
import { readFilter, readSort } from "@/features/apps/fleet";
import { optional } from "@/lib/search";

export interface AppsSearch {
  status?: ReturnType<typeof readFilter>;
  q?: string;
  sort?: ReturnType<typeof readSort>;
}

export function appsSearch(search: Record<string, unknown>): AppsSearch {
  const status = readFilter(search.status);
  const sort = readSort(search.sort);
  return optional({
    status: status === "all" ? undefined : status,
    q: typeof search.q === "string" ? search.q : undefined,
    sort: sort === "last_request" ? undefined : sort,
  });
}
