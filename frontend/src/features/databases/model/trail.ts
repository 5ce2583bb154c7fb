/**
 * The way back through pages. A cursor only leads forward, so the cursors of the pages that were seen are kept, for each
 * query its own; whoever opens a link in the middle has none, and goes back to the first page.
 */

const trails = new Map<string, Map<number, string>>();
const MOST_TRAILS = 50;

/** Remembers how that page is reached. */
export function keepPage(query: string, page: number, cursor: string): void {
  const trail = trails.get(query) ?? new Map<number, string>();
  trail.set(page, cursor);
  trails.delete(query);
  trails.set(query, trail);
  const oldest = trails.keys().next().value;
  if (trails.size > MOST_TRAILS && oldest !== undefined) trails.delete(oldest);
}

/** The cursor of that page, null for the first one, undefined where nobody knows. */
export function pageCursor(query: string, page: number): string | null | undefined {
  return page <= 1 ? null : trails.get(query)?.get(page);
}
