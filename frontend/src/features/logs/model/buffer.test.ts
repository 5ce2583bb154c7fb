import { describe, expect, it } from "vitest";
import type { LogLine } from "@/lib/api/types";
import { LogBuffer } from "./buffer";

const line = (number: number): LogLine => ({
  ...{ id: `l${number}`, time: new Date(number).toISOString(), level: "info", text: `n${number}` },
  ...{ request_id: null, version: 1 },
});
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const numbers = (buffer: LogBuffer) => buffer.snapshot().lines.map((one) => Number(one.text.slice(1)));
const count = (from: number, to: number) => lines(from, to).map((one) => Number(one.text.slice(1)));

describe("LogBuffer", () => {
  it("takes each line once, from either side", () => {
    const buffer = new LogBuffer();
    buffer.append(lines(10, 20));
    buffer.append(lines(15, 25));
    expect(buffer.prepend(lines(5, 12))).toBe(5);
    expect(numbers(buffer)).toEqual(count(5, 25));
  });

  it("never holds more than it may", () => {
    const buffer = new LogBuffer(100);
    for (let from = 0; from < 5000; from += 50) buffer.append(lines(from, from + 49));
    expect(numbers(buffer)).toEqual(count(4900, 4999));
    // What was let go may come again: it is not remembered for ever.
    expect(buffer.prepend(lines(4890, 4899))).toBe(10);
  });

  it("lets new lines wait while somebody reads, and shows them in order", () => {
    const buffer = new LogBuffer(100);
    buffer.append(lines(0, 49));
    buffer.pause(true);
    buffer.append(lines(50, 61));
    expect(numbers(buffer)).toEqual(count(0, 49));
    expect(buffer.snapshot().waiting).toBe(12);
    buffer.pause(false);
    expect(numbers(buffer)).toEqual(count(0, 61));
    expect(buffer.snapshot().waiting).toBe(0);
  });

  it("begins anew at the newest when there is no stretch without gap any more", () => {
    const long = new LogBuffer(100);
    long.append(lines(0, 99));
    long.pause(true);
    long.append(lines(100, 450));
    expect(long.snapshot().waiting).toBe(351);
    long.pause(false);
    expect(numbers(long)).toEqual(count(351, 450));

    const scrolled = new LogBuffer(100);
    scrolled.append(lines(200, 299));
    scrolled.pause(true);
    scrolled.prepend(lines(150, 199));
    expect(numbers(scrolled)).toEqual(count(150, 249));
    scrolled.append(lines(300, 310));
    scrolled.pause(false);
    expect(numbers(scrolled)).toEqual(count(300, 310));
  });

  it("shows no stretch with a hole in it when the server has passed lines over", () => {
    const buffer = new LogBuffer();
    buffer.append(lines(0, 9));
    buffer.skip(1000);
    buffer.append(lines(1010, 1012));
    expect(numbers(buffer)).toEqual([1010, 1011, 1012]);
    expect(buffer.snapshot().passedOver).toBe(1000);
  });
});
