/**
 * The request list as the page holds it: the newest rows, then older ones as they are scrolled to, without gap and without any
 * twice, however many there are. What is far out of sight is let go and fetched again by its place (time, then id, the server's
 * own order), so that memory stays flat.
 *
 * Live: the newest page is asked for again and again. Where it does not reach back to what is known (a lost connection, a burst),
 * the pages between are fetched too; where those are too many, the list begins anew. While somebody reads further down, new rows
 * are counted and not put in, so that nothing moves under the eye.
 *
 * A record may arrive late, behind newer ones that are here already. So each time one part of what is held is read again too, the
 * next part at the next time. The parts lie without a gap one below the other: each begins right behind the last row of the one
 * above, and where nothing older is left to ask for, the lowest has no end.
 */
import type { RequestRecord } from "@/lib/api/types";

export interface Page {
  items: RequestRecord[];
  next?: string | null;
}

/** One page, newest first: what the filter lets through, before `until` where it is given. */
export type Fetch = (wanted: { cursor?: string; until?: string; limit: number }) => Promise<Page>;

interface Chunk {
  /** Where it ends. */
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
  /** The first and last row in sight. */
  #sight: [number, number] | undefined;
  /** Which part is read again next. */
  #turn = 0;
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
      // What is in sight and could not be fetched, or not at once, is tried again.
      if (this.#sight) this.keep(...this.#sight);
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
    this.#sight = [from, to];
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
      await this.#readAgain(first);
    } else this.#restart(first);
  }

  /** What is held below the newest page, a part of it each time. While somebody reads, what lies above stays as it is. */
  async #readAgain(newest: Page): Promise<void> {
    const below = this.#sight?.[1] ?? 0;
    const chunks = this.#chunks.filter(
      (chunk, number) => chunk.rows?.length && (!this.#paused || (this.#starts[number] ?? 0) > below),
    );
    const parts: (Chunk | null)[] = this.#isBelow(newest) ? [null, ...chunks] : chunks;
    const part = parts[this.#turn % parts.length];
    this.#turn += 1;
    if (part) await this.#read(part);
    if (part === null) await this.#readHead(newest.items.at(-1));
  }

  /** Whether some of the head lies below that page. */
  #isBelow({ items, next }: Page): boolean {
    const [end, bottom] = [items.at(-1), this.#head.at(-1)];
    if (!end || !bottom) return false;
    return this.#isAll() ? next != null : order(end, bottom) < 0;
  }

  async #readHead(after: RequestRecord | undefined): Promise<void> {
    const bottom = this.#head.at(-1);
    if (!after || !bottom) return;
    const { rows } = await this.#between(after, this.#isAll() ? undefined : bottom);
    const known = new Set([...this.#head, ...this.#waiting].map((row) => row.id));
    if (this.#head.at(-1) === bottom) this.#take(rows.filter((row) => !known.has(row.id)));
  }

  /** Whether there is nothing below the head. */
  #isAll(): boolean {
    return this.#next === undefined && this.#chunks.length === 0;
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
    const wanted = this.#isAll() ? fresh : fresh.filter((row) => bottom && order(row, bottom) < 0);
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
      await this.#read(chunk);
    } catch {
      // It is tried again as soon as the rows are asked for.
      chunk.rows = null;
    }
    this.#tell({});
  }

  async #read(chunk: Chunk): Promise<void> {
    const after = this.#above(chunk);
    if (!after) return;
    const open = this.#next === undefined && chunk === this.#chunks.at(-1);
    const { rows, whole } = await this.#between(after, open ? undefined : chunk.last);
    // The list may have begun anew meanwhile.
    if (this.#above(chunk) === after) this.#put(chunk, rows, whole);
  }

  /** The row right above a chunk. */
  #above(chunk: Chunk): RequestRecord | undefined {
    const number = this.#chunks.indexOf(chunk);
    return number > 0 ? this.#chunks[number - 1]?.last : number === 0 ? this.#head.at(-1) : undefined;
  }

  /** Those behind `after`, up to and with `last`; only the first ones (not `whole`) where they are very many. */
  async #between(after: RequestRecord, last?: RequestRecord): Promise<{ rows: RequestRecord[]; whole: boolean }> {
    const rows: RequestRecord[] = [];
    // `until` is the first moment not wanted, so one millisecond after that row.
    let wanted: { until?: string; cursor?: string } = { until: new Date(Date.parse(after.time) + 1).toISOString() };
    while (rows.length < CATCH_UP_PAGES * PAGE) {
      const page = await this.#fetch({ ...wanted, limit: PAGE });
      rows.push(...page.items.filter((row) => order(row, after) > 0 && (!last || order(row, last) <= 0)));
      const end = page.items.at(-1);
      if (!page.next || !end || (last && order(end, last) >= 0)) return { rows, whole: true };
      wanted = { cursor: page.next };
    }
    return { rows, whole: false };
  }

  /** The rows of a chunk as they are now. Where they have become many, what is above its last ones becomes chunks of its own. */
  #put(chunk: Chunk, rows: RequestRecord[], whole: boolean): void {
    const above: Chunk[] = [];
    while (rows.length > (whole ? HEAD_MOST : 0)) {
      const piece = chunkOf(rows.splice(0, PAGE));
      if (piece) above.push(piece);
    }
    this.#chunks.splice(this.#chunks.indexOf(chunk), 0, ...above);
    chunk.rows = whole ? rows : null;
    if (!whole) return;
    chunk.count = rows.length;
    const end = rows.at(-1);
    if (end && order(end, chunk.last) > 0) chunk.last = end;
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
  const last = rows.at(-1);
  return last ? { last, count: rows.length, rows } : null;
}
