/**
 * The live tail of an app's log over a WebSocket. Every message has a cursor; when the connection breaks, or the platform
 * restarts, the next one begins right behind the last cursor, so nothing is lost and nothing told twice. It tries again until it
 * is stopped, soon at first and then every few seconds; only a refusal that will not pass ends it.
 */
import { ApiError } from "@/lib/api/problem";
import type { LogLine } from "@/lib/api/types";

export type TailState = "connecting" | "live" | "broken";

export interface TailEvents {
  onLines: (lines: LogLine[]) => void;
  /** So many lines were passed over. */
  onDropped: (count: number) => void;
  onState: (state: TailState) => void;
  /** Refused for good. */
  onRefused: (error: ApiError) => void;
}

interface Message {
  type: "lines" | "live" | "dropped" | "ping" | "problem";
  cursor?: string;
  items?: LogLine[];
  count?: number;
  problem?: { status: number; code: string; detail?: string; hint?: string };
}

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close: () => void;
}

const PASSING = new Set(["unavailable", "internal", "rate_limited"]);
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;
/** Lines are handed on together at most so often. */
const GATHER_MS = 80;

export class LogTail {
  #cursor: string | undefined;
  #socket: Socket | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gather: ReturnType<typeof setTimeout> | undefined;
  #lines: LogLine[] = [];
  #stopped = false;

  /** `address` makes the URL for a cursor (undefined: from the newest lines on); `open` connects to it. */
  constructor(
    private readonly address: (after: string | undefined) => string,
    private readonly events: TailEvents,
    private readonly open: (url: string) => Socket,
  ) {}

  start(): void {
    const socket = this.open(this.address(this.#cursor));
    this.#socket = socket;
    socket.onmessage = (event) => this.#take(JSON.parse(String(event.data)) as Message);
    socket.onclose = () => {
      if (this.#stopped || this.#socket !== socket) return;
      this.#again();
    };
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#gather);
    this.#socket?.close();
  }

  #take(message: Message): void {
    if (this.#stopped) return;
    if (message.type !== "problem") {
      this.#cursor = message.cursor ?? this.#cursor;
      this.#failures = 0;
    }
    if (message.type === "problem") this.#refused(message.problem);
    else if (message.type === "lines") {
      this.#lines.push(...(message.items ?? []));
      this.#gather ??= setTimeout(() => this.#hand(), GATHER_MS);
    } else if (message.type === "dropped") {
      this.#hand();
      this.events.onDropped(message.count ?? 0);
    } else if (message.type === "live") {
      this.#hand();
      this.events.onState("live");
    }
  }

  #hand(): void {
    clearTimeout(this.#gather);
    this.#gather = undefined;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) this.events.onLines(lines);
  }

  #refused(problem: Message["problem"]): void {
    if (!problem || PASSING.has(problem.code)) return;
    this.#hand();
    this.stop();
    this.events.onRefused(new ApiError(problem.status, problem));
  }

  #again(): void {
    this.#hand();
    this.#failures += 1;
    this.events.onState("broken");
    this.#timer = setTimeout(() => this.start(), Math.min(LONGEST_PAUSE_MS, PAUSE_MS * this.#failures));
  }
}
