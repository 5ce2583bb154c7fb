import { describe, expect, it } from "vitest";
import type { RequestRecord } from "@/lib/api/types";
import { Feed, type Fetch, order, PAGE } from "./feed";

const BEGIN = Date.parse("2026-01-01T00:00:00Z");

function record(number: number, at = number * 10): RequestRecord {
  return {
    ...{
      id: `i-${String(number).padStart(7, "0")}`,
      time: new Date(BEGIN + at).toISOString(),
      method: "GET",
      path: "/",
    },
    ...{ query: "", status: 200, ms: 1, cold_start_ms: null, bytes_in: 0, bytes_out: 0, version: 1, kind: "http" },
    ...{ client: "", htmx: false, error: null, headers: null },
  };
}

/** Records as the server keeps and pages them: newest first, a cursor that stands right behind the last one given. */
class Records {
  all: RequestRecord[] = [];
  asked = 0;
  broken = false;

  add(...records: RequestRecord[]): void {
    this.all = [...this.all, ...records].sort(order);
  }

  fetch: Fetch = async ({ cursor, until, limit }) => {
    this.asked += 1;
    if (this.broken) throw new Error("the connection is lost");
    const behind = cursor ? (JSON.parse(cursor) as RequestRecord) : null;
    const before = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
    const from = this.all.findIndex((one) => (!behind || order(one, behind) > 0) && Date.parse(one.time) < before);
    const items = from < 0 ? [] : this.all.slice(from, from + limit);
    return { items, next: from >= 0 && this.all.length > from + limit ? JSON.stringify(items.at(-1)) : null };
  };
}

function filled(count: number): [Records, Feed] {
  const records = new Records();
  records.all = Array.from({ length: count }, (_, number) => record(count - number));
  return [records, new Feed(records.fetch)];
}

async function reach(feed: Feed, count: number): Promise<void> {
  while (feed.snapshot().count < count && feed.snapshot().more) await feed.older();
}

async function polls(feed: Feed, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await feed.poll();
}

const shown = (feed: Feed) => Array.from({ length: feed.snapshot().count }, (_, index) => feed.at(index)?.id);
const ids = (records: Records) => records.all.map((one) => one.id);

describe("Feed", () => {
  it("has the newest first and older ones when they are asked for, each once", async () => {
    const [records, feed] = filled(750);
    await feed.poll();
    expect(feed.snapshot()).toMatchObject({ count: PAGE, loaded: true, more: true });
    await reach(feed, 750);
    expect(shown(feed)).toEqual(ids(records));
    expect(feed.snapshot().more).toBe(false);
  });

  it("puts new ones on top, also those that arrive late", async () => {
    const [records, feed] = filled(3);
    await feed.poll();
    records.add(record(10), record(11, 25));
    await feed.poll();
    expect(shown(feed)).toEqual(ids(records));
    expect(shown(feed)).toHaveLength(5);
  });

  it("puts late ones in their place, however many newer ones are here already", async () => {
    const [records, feed] = filled(1_000);
    await feed.poll();
    await reach(feed, 1_000);
    // Live ones push the first page down within the head, and out of it.
    for (const begin of [1_001, 1_151, 1_301]) {
      records.add(...Array.from({ length: 150 }, (_, number) => record(begin + number)));
      await feed.poll();
    }
    const late = [14_505, 12_005, 11_505, 8_005, 6_005, 4_015, 2_005, 15, 5].map((at, number) =>
      record(5_000 + number, at),
    );
    for (const one of late) {
      records.add(one);
      await polls(feed, 10);
      expect(shown(feed)).toEqual(ids(records));
    }
    records.add(...late.map((one, number) => record(6_000 + number, Date.parse(one.time) - BEGIN)));
    await polls(feed, 10);
    expect(shown(feed)).toEqual(ids(records));
  });

  it("takes late ones at the very end, where nothing older is left to ask for", async () => {
    for (const count of [150, 250, 450]) {
      const [records, feed] = filled(200);
      records.all = [];
      await feed.poll();
      for (let number = 1; number <= count; number += 50) {
        records.add(...Array.from({ length: 50 }, (_, more) => record(number + more)));
        await feed.poll();
      }
      records.add(record(5_000, 1), record(5_001, 5));
      await polls(feed, 5);
      expect(shown(feed)).toEqual(ids(records));
    }
  });

  it("takes a whole outage's late ones in, and still holds little", async () => {
    const [records, feed] = filled(1_000);
    await feed.poll();
    await reach(feed, 600);
    records.add(...Array.from({ length: PAGE * 15 }, (_, number) => record(10_000 + number, 7_001)));
    await polls(feed, 10);
    feed.keep(0, 30);
    await reach(feed, 1_000 + PAGE * 15);
    for (let row = 0; row < feed.snapshot().count; row += PAGE) {
      feed.keep(row - 20, row + 20);
      for (let time = 0; time < 3 && !feed.at(row); time += 1) await feed.poll();
      await expect.poll(() => feed.at(row)?.id, { interval: 1 }).toBe(ids(records)[row]);
      expect(feed.held).toBeLessThan(14 * PAGE);
    }
    expect(feed.snapshot().count).toBe(1_000 + PAGE * 15);
  });

  it("moves nothing under the eye of somebody who reads, but takes late ones further down", async () => {
    const [records, feed] = filled(1_000);
    await feed.poll();
    await reach(feed, 1_000);
    feed.pause(true);
    feed.keep(500, 530);
    const before = shown(feed);
    records.add(record(5_000, 7_005), record(5_001, 1_005));
    await polls(feed, 10);
    expect(shown(feed).slice(0, 531)).toEqual(before.slice(0, 531));
    expect(feed.indexOf(record(5_001).id)).toBeGreaterThan(800);
    feed.pause(false);
    await polls(feed, 10);
    expect(shown(feed)).toEqual(ids(records));
  });

  it("goes on without a gap or a double after a lost connection, however much came meanwhile", async () => {
    for (const missed of [5, PAGE, PAGE * 3 + 7, PAGE * 12]) {
      const [records, feed] = filled(1000);
      await feed.poll();
      await feed.older();
      records.broken = true;
      await feed.poll();
      expect(feed.snapshot().error).toBeInstanceOf(Error);
      expect(feed.snapshot().count).toBe(2 * PAGE);
      records.add(...Array.from({ length: missed }, (_, number) => record(2000 + number)));
      records.broken = false;
      await feed.poll();
      await reach(feed, 1000 + missed);
      expect(feed.snapshot().error).toBe(null);
      expect(shown(feed)).toEqual(ids(records));
    }
  });

  it("lets new ones wait while somebody reads further down", async () => {
    const [records, feed] = filled(300);
    await feed.poll();
    feed.pause(true);
    const before = shown(feed);
    records.add(record(900), record(901));
    await feed.poll();
    expect([shown(feed), feed.snapshot().waiting]).toEqual([before, 2]);
    feed.pause(false);
    expect(feed.snapshot().waiting).toBe(0);
    expect(shown(feed)).toEqual(ids(records).slice(0, PAGE + 2));
  });

  it("begins anew when far too many waited", async () => {
    const [records, feed] = filled(300);
    await feed.poll();
    feed.pause(true);
    records.add(...Array.from({ length: PAGE * 11 }, (_, number) => record(2000 + number)));
    await feed.poll();
    expect(feed.snapshot().count).toBe(PAGE);
    feed.pause(false);
    await expect.poll(() => feed.at(0)?.id).toBe(ids(records)[0]);
    await reach(feed, 2500);
    expect(shown(feed)).toEqual(ids(records));
  });

  it("keeps little of very many in memory, and fetches again what is scrolled back to", async () => {
    const [records, feed] = filled(6_000);
    await feed.poll();
    for (let row = PAGE; row < 6_000; row += PAGE) {
      await feed.older();
      feed.keep(row - 20, row + 20);
    }
    expect(feed.snapshot().count).toBe(6_000);
    expect(feed.held).toBeLessThan(10 * PAGE);
    expect(feed.at(1000)).toBe(null);
    feed.keep(990, 1010);
    await expect.poll(() => feed.at(1000)?.id).toBe(ids(records)[1000]);
    expect(feed.at(5_900)).toBe(null);
  });

  it("stays small however long it is live", async () => {
    const [records, feed] = filled(10);
    for (let round = 0; round < 40; round += 1) {
      records.add(...Array.from({ length: 150 }, (_, number) => record(100 + round * 150 + number)));
      await feed.poll();
      feed.keep(0, 40);
    }
    expect(feed.snapshot().count).toBe(6010);
    expect(feed.held).toBeLessThan(9 * PAGE);
  });
});
