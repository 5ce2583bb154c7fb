/** What the address says of an explorer: database, collection, query, page and how it is shown. */
import { optional } from "@/lib/search";

export const PAGE_SIZES = [20, 50, 100, 200] as const;
export const DEFAULT_SIZE = 50;

export interface ExplorerSearch {
  db?: string;
  collection?: string;
  filter?: string;
  projection?: string;
  sort?: string;
  /** The cursor of the page, and which one it is. */
  after?: string;
  page?: number;
  size?: number;
  view?: "table" | "indexes";
}

/** What a page of documents is asked with; another one begins at the first page. */
export const NO_QUERY: ExplorerSearch = {
  filter: undefined,
  projection: undefined,
  sort: undefined,
  after: undefined,
  page: undefined,
};

/** The address bar reads JSON and numbers by itself; they become the text again that somebody typed. */
function text(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function readExplorerSearch(search: Record<string, unknown>): ExplorerSearch {
  const page =
    typeof search.page === "number" && Number.isInteger(search.page) && search.page > 1 ? search.page : undefined;
  const after = text(search.after);
  return optional({
    db: text(search.db),
    collection: text(search.collection),
    filter: text(search.filter),
    projection: text(search.projection),
    sort: text(search.sort),
    after: page ? after : undefined,
    page: after ? page : undefined,
    size: PAGE_SIZES.find((size) => size === search.size && size !== DEFAULT_SIZE),
    view: (["table", "indexes"] as const).find((view) => view === search.view),
  });
}
