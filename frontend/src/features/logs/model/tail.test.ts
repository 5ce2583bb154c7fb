import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LogLine } from "@/lib/api/types";
import { LogTail, type Socket, type TailState } from "./tail";

const line = (id: string): LogLine => ({
  ...{ id, time: "2026-01-01T00:00:00Z", level: "info", text: id, request_id: null, version: 1 },
});

function tail() {
  const sockets: (Socket & { url: string; closed: boolean })[] = [];
  const seen: { lines: string[]; states: TailState[]; dropped: number[]; refused: string[] } = {
    ...{ lines: [], states: [], dropped: [], refused: [] },
  };
  const made = new LogTail(
    (after) => `ws://x?after=${after ?? ""}`,
    {
      onLines: (lines) => seen.lines.push(...lines.map((one) => one.id)),
      onDropped: (count) => seen.dropped.push(count),
      onState: (state) => seen.states.push(state),
      onRefused: (error) => seen.refused.push(error.code),
    },
    (url) => {
      const close = () => {
        socket.closed = true;
      };
      const socket = { url, closed: false, onmessage: null, onclose: null, close };
      sockets.push(socket);
      return socket;
    },
  );
  const say = (message: object) => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(message) });
  const fall = () => sockets.at(-1)?.onclose?.();
  return { made, sockets, seen, say, fall };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("LogTail", () => {
  it("hands lines on in order, and goes on behind the last cursor when the connection breaks", () => {
    const { made, sockets, seen, say, fall } = tail();
    made.start();
    say({ type: "lines", items: [line("a"), line("b")], cursor: "2" });
    say({ type: "live", cursor: "2" });
    say({ type: "lines", items: [line("c")], cursor: "3" });
    fall();
    expect(seen.lines).toEqual(["a", "b", "c"]);
    expect(seen.states).toEqual(["live", "broken"]);
    vi.advanceTimersByTime(300);
    expect(sockets.map((one) => one.url)).toEqual(["ws://x?after=", "ws://x?after=3"]);
  });

  it("takes a ping's cursor, too, and tries ever more patiently while nothing answers", () => {
    const { made, sockets, say, fall } = tail();
    made.start();
    say({ type: "ping", cursor: "9" });
    const begins: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      fall();
      begins.push(sockets.length);
      vi.advanceTimersByTime(250);
    }
    expect(sockets.length).toBeLessThan(21);
    fall();
    vi.advanceTimersByTime(4_000);
    expect(sockets.at(-1)?.url).toBe("ws://x?after=9");
  });

  it("tries again after a problem that passes, and stops at one that does not", () => {
    const { made, sockets, seen, say, fall } = tail();
    made.start();
    say({ type: "problem", problem: { status: 503, code: "unavailable" } });
    fall();
    vi.advanceTimersByTime(300);
    expect(sockets).toHaveLength(2);
    say({ type: "problem", problem: { status: 404, code: "not_found", detail: "No such app" } });
    fall();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(2);
    expect(seen.refused).toEqual(["not_found"]);
  });

  it("says what was passed over between the lines before and after it, and nothing once it is stopped", () => {
    const { made, sockets, seen, say } = tail();
    made.start();
    say({ type: "lines", items: [line("a")], cursor: "1" });
    say({ type: "dropped", count: 70, cursor: "71" });
    expect([seen.lines, seen.dropped]).toEqual([["a"], [70]]);
    made.stop();
    expect(sockets[0]?.closed).toBe(true);
    say({ type: "lines", items: [line("b")], cursor: "72" });
    vi.advanceTimersByTime(1_000);
    expect(seen.lines).toEqual(["a"]);
  });
});
