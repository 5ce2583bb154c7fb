/**
 * The lines on screen, oldest first: a stretch of the log without gap and without any line twice. New ones come in at its end,
 * older ones before its beginning; it never holds more than MOST, so an app that prints for hours costs what it cost at first.
 *
 * While somebody reads further up, new lines wait beside it. When they have become too many, or the end had to be let go to make
 * room for older lines, what is shown afterwards begins anew at the newest.
 */
import type { LogLine } from "@/lib/api/types";

export const MOST = 20_000;

export interface Shown {
  lines: readonly LogLine[];
  /** New ones that are not shown, because somebody reads further up. */
  waiting: number;
  /** Lines that the server passed over, because this page was too slow. */
  passedOver: number;
}

export class LogBuffer {
  #lines: LogLine[] = [];
  #waiting: LogLine[] = [];
  #known = new Set<string>();
  #count = 0;
  #passedOver = 0;
  #paused = false;
  /** What waits does not follow what is shown any more. */
  #torn = false;
  #most: number;
  #listeners = new Set<() => void>();
  #shown: Shown = { lines: [], waiting: 0, passedOver: 0 };

  constructor(most = MOST) {
    this.#most = most;
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = () => this.#shown;

  /** Lines that came after all that are here. */
  append(lines: readonly LogLine[]): void {
    const fresh = this.#fresh(lines);
    if (fresh.length === 0) return;
    if (this.#paused) this.#wait(fresh);
    else {
      this.#lines = this.#lines.concat(fresh);
      this.#forget(this.#lines.splice(0, Math.max(0, this.#lines.length - this.#most)));
    }
    this.#tell();
  }

  /** Lines that came before all that are shown; answers how many were new. */
  prepend(lines: readonly LogLine[]): number {
    const fresh = this.#fresh(lines);
    if (fresh.length === 0) return 0;
    this.#lines = fresh.concat(this.#lines);
    if (this.#lines.length > this.#most) {
      this.#forget(this.#lines.splice(this.#most));
      this.#torn = true;
    }
    this.#tell();
    return fresh.length;
  }

  /** So many were passed over: what comes now does not follow what is here. */
  skip(count: number): void {
    this.#passedOver += count;
    if (this.#paused) {
      this.#count += count;
      this.#forget(this.#waiting);
      this.#waiting = [];
      this.#torn = true;
    } else {
      this.#forget(this.#lines);
      this.#lines = [];
    }
    this.#tell();
  }

  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (!paused) this.#release();
  }

  get paused(): boolean {
    return this.#paused;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  #wait(fresh: LogLine[]): void {
    this.#count += fresh.length;
    this.#waiting = this.#waiting.concat(fresh);
    const over = this.#waiting.length - this.#most;
    if (over > 0) {
      this.#forget(this.#waiting.splice(0, over));
      this.#torn = true;
    }
  }

  #release(): void {
    if (this.#torn) {
      this.#forget(this.#lines);
      this.#lines = this.#waiting;
    } else this.#lines = this.#lines.concat(this.#waiting);
    this.#forget(this.#lines.splice(0, Math.max(0, this.#lines.length - this.#most)));
    this.#waiting = [];
    this.#count = 0;
    this.#torn = false;
    this.#tell();
  }

  #fresh(lines: readonly LogLine[]): LogLine[] {
    return lines.filter((line) => {
      if (this.#known.has(line.id)) return false;
      this.#known.add(line.id);
      return true;
    });
  }

  #forget(lines: readonly LogLine[]): void {
    for (const line of lines) this.#known.delete(line.id);
  }

  #tell(): void {
    this.#shown = { lines: this.#lines.slice(), waiting: this.#count, passedOver: this.#passedOver };
    for (const listener of this.#listeners) listener();
  }
}
