/**
 * The request list as the page holds it: the newest rows, then older ones as they are scrolled to, without gap and without any
 * twice, however many there are. What is far out of sight is let go and fetched again by its place (time, then id, the server's
 * own order), so that memory stays flat.
 *
 * Live: the newest page is asked for again and again. Where it does not reach back to what is known (a lost connection, a burst),
 * the pages between are fetched too; where those are too many, the list begins anew. While somebody reads further down, new rows
 * are counted and not put in, so that nothing moves under the eye.
 */
import type { RequestRecord } from "@/lib/api/types";

export interface Page {
  items: RequestRecord[];
  next?: string | null;
}

/** One page, newest first: what the filter lets through, before `until` where it is given. */
export type Fetch = (wanted: { cursor?: string; until?: string; limit: number }) => Promise<Page>;

interface Chunk {
  first: RequestRecord;
  last: RequestRecord;
  count: number;
  /** Null when they were let go. */
  rows: RequestRecord[] | null;
}

export interface Shown {
  count: number;
  /** New ones that wait to be shown. */
  waiting: number;
  loaded: boolean;
  more: boolean;
  loadingMore: boolean;
  /** Of the last attempt to ask for news; the rows stay. */
  error: unknown;
}

export const PAGE = 200;
const HEAD_MOST = 2 * PAGE;
const CATCH_UP_PAGES = 10;
const KEPT_CHUNKS = 3;

/** Positive when `a` comes further down the list than `b`. */
export function order(a: RequestRecord, b: RequestRecord): number {
  if (a.time !== b.time) return Date.parse(b.time) - Date.parse(a.time) || (a.time < b.time ? 1 : -1);
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

export class Feed {
  #fetch: Fetch;
  #head: RequestRecord[] = [];
  #waiting: RequestRecord[] = [];
  #chunks: Chunk[] = [];
  /** The place of each chunk's first row. */
  #starts: number[] = [];
  #next: string | undefined;
  #paused = false;
  #overrun = false;
  #busy = false;
  #listeners = new Set<() => void>();
  #shown: Shown = { count: 0, waiting: 0, loaded: false, more: false, loadingMore: false, error: null };

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = () => this.#shown;

  /** The row at that place, null while it is fetched again. */
  at(index: number): RequestRecord | null {
    if (index < this.#head.length) return this.#head[index] ?? null;
    // Asked for every row of the list, so it must not go through all chunks.
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low]?.rows?.[index - (this.#starts[low] ?? 0)] ?? null;
  }

  indexOf(id: string): number {
    let before = this.#head.findIndex((row) => row.id === id);
    if (before >= 0) return before;
    before = this.#head.length;
    for (const chunk of this.#chunks) {
      const place = chunk.rows?.findIndex((row) => row.id === id) ?? -1;
      if (place >= 0) return before + place;
      before += chunk.count;
    }
    return -1;
  }

  /** Asks for what is new. Called again and again; a failure is told and the next call goes on from where this one was. */
  async poll(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#news();
      this.#tell({ loaded: true, error: null });
    } catch (error) {
      this.#tell({ error });
    } finally {
      this.#busy = false;
    }
  }

  /** Whether new rows wait, because somebody reads further down. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (!paused) this.#release();
  }

  /** The next older page, where there is one. */
  async older(): Promise<void> {
    if (this.#next === undefined || this.#shown.loadingMore) return;
    this.#tell({ loadingMore: true });
    try {
      const page = await this.#fetch({ cursor: this.#next, limit: PAGE });
      this.#next = page.next ?? undefined;
      this.#append(page.items);
      this.#tell({ loadingMore: false });
    } catch (error) {
      this.#tell({ loadingMore: false, error });
    }
  }

  /** Lets go of what is far from the rows `from` to `to`, and fetches again what is among them. */
  keep(from: number, to: number): void {
    let start = this.#head.length;
    const near: number[] = [];
    this.#chunks.forEach((chunk, number) => {
      if (start + chunk.count > from && start <= to) near.push(number);
      start += chunk.count;
    });
    const low = (near[0] ?? 0) - KEPT_CHUNKS;
    const high = (near.at(-1) ?? 0) + KEPT_CHUNKS;
    this.#chunks.forEach((chunk, number) => {
      if (number < low || number > high) chunk.rows = null;
    });
    for (const number of near) {
      const chunk = this.#chunks[number];
      if (chunk && chunk.rows === null) void this.#refill(chunk);
    }
  }

  /** How many rows are in memory. */
  get held(): number {
    return this.#head.length + this.#chunks.reduce((sum, chunk) => sum + (chunk.rows?.length ?? 0), 0);
  }

  async #news(): Promise<void> {
    const first = await this.#fetch({ limit: PAGE });
    const known = new Set([...this.#head, ...this.#waiting].map((row) => row.id));
    const found = [...first.items];
    let next = first.next ?? undefined;
    const reaches = (items: RequestRecord[]) => items.some((row) => known.has(row.id));
    if (known.size > 0) {
      let last = first.items;
      for (let pages = 1; next !== undefined && !reaches(last); pages += 1) {
        if (pages === CATCH_UP_PAGES) return this.#overtaken(first);
        const page = await this.#fetch({ cursor: next, limit: PAGE });
        found.push(...page.items);
        last = page.items;
        next = page.next ?? undefined;
      }
      this.#take(found.filter((row) => !known.has(row.id)));
    } else this.#restart(first);
  }

  /** So much is new that the list begins anew; not under the eye of somebody who reads further down. */
  #overtaken(first: Page): void {
    if (this.#paused) {
      this.#overrun = true;
      this.#waiting = first.items;
    } else this.#restart(first);
  }

  #take(fresh: RequestRecord[]): void {
    const bottom = this.#head.at(-1);
    // What began before the oldest row of the head belongs further down, where it is met when that is fetched.
    const wanted =
      this.#next === undefined && this.#chunks.length === 0
        ? fresh
        : fresh.filter((row) => bottom && order(row, bottom) < 0);
    if (wanted.length === 0) return;
    this.#waiting = [...wanted, ...this.#waiting].sort(order);
    if (this.#waiting.length > PAGE * CATCH_UP_PAGES) {
      this.#overrun = true;
      this.#waiting = this.#waiting.slice(0, PAGE);
    }
    if (!this.#paused) this.#release();
  }

  #release(): void {
    if (this.#overrun) {
      this.#head = [];
      this.#waiting = [];
      this.#chunks = [];
      this.#overrun = false;
      this.#tell({ loaded: false });
      void this.poll();
      return;
    }
    if (this.#waiting.length > 0) {
      this.#head = [...this.#waiting, ...this.#head].sort(order);
      this.#waiting = [];
      while (this.#head.length > HEAD_MOST) this.#split(this.#head.splice(-PAGE));
    }
    this.#tell({});
  }

  #restart(page: Page): void {
    this.#head = [...page.items];
    this.#waiting = [];
    this.#chunks = [];
    this.#next = page.next ?? undefined;
  }

  #append(items: RequestRecord[]): void {
    const chunk = chunkOf(items);
    if (chunk) this.#chunks.push(chunk);
  }

  #split(rows: RequestRecord[]): void {
    const chunk = chunkOf(rows);
    if (chunk) this.#chunks.unshift(chunk);
  }

  async #refill(chunk: Chunk): Promise<void> {
    chunk.rows = [];
    try {
      const rows: RequestRecord[] = [];
      // `until` is the first moment not wanted, so one millisecond after the first row.
      let wanted: { until?: string; cursor?: string } = {
        until: new Date(Date.parse(chunk.first.time) + 1).toISOString(),
      };
      for (;;) {
        const page = await this.#fetch({ ...wanted, limit: PAGE });
        rows.push(...page.items.filter((row) => order(row, chunk.first) >= 0 && order(row, chunk.last) <= 0));
        const last = page.items.at(-1);
        if (!page.next || !last || order(last, chunk.last) >= 0) break;
        wanted = { cursor: page.next };
      }
      chunk.rows = rows;
      chunk.count = rows.length;
    } catch {
      // It is tried again as soon as the rows are asked for.
      chunk.rows = null;
    }
    this.#tell({});
  }

  #tell(change: Partial<Shown>): void {
    let count = this.#head.length;
    this.#starts = this.#chunks.map((chunk) => {
      count += chunk.count;
      return count - chunk.count;
    });
    const waiting = this.#waiting.length;
    this.#shown = { ...this.#shown, ...change, count, waiting, more: this.#next !== undefined };
    for (const listener of this.#listeners) listener();
  }
}

function chunkOf(rows: RequestRecord[]): Chunk | null {
  const [first, last] = [rows[0], rows.at(-1)];
  return first && last ? { first, last, count: rows.length, rows } : null;
}
