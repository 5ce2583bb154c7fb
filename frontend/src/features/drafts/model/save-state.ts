/**
 * Where a draft is on its way to the server, as a state machine.
 *
 *   saved -edited-> dirty -sending-> saving -accepted-> saved        (or dirty, when edited meanwhile)
 *                                    saving -refused-> failed        (tried again; any edit makes it dirty)
 *   any phase -collided-> conflict -settled-> dirty                  (a person settles it)
 */
export type SavePhase = "saved" | "dirty" | "saving" | "failed" | "conflict";

export interface SaveState {
  readonly phase: SavePhase;
  /** Edited while the server had the last text: it must be sent again. */
  readonly again: boolean;
  /** Why the last attempt failed; attempts in a row. */
  readonly message: string;
  readonly attempts: number;
}

export type SaveEvent =
  | { type: "edited" }
  | { type: "sending" }
  | { type: "accepted" }
  | { type: "refused"; message: string }
  | { type: "collided" }
  | { type: "settled" };

export const SAVED: SaveState = { phase: "saved", again: false, message: "", attempts: 0 };

export function saveState(state: SaveState, event: SaveEvent): SaveState {
  switch (event.type) {
    case "edited":
      if (state.phase === "saving") return { ...state, again: true };
      return state.phase === "conflict" || state.phase === "dirty" ? state : { ...state, phase: "dirty" };
    case "sending":
      return state.phase === "dirty" || state.phase === "failed" ? { ...state, phase: "saving", again: false } : state;
    case "accepted":
      return state.phase === "saving" ? { ...SAVED, phase: state.again ? "dirty" : "saved" } : state;
    case "refused":
      if (state.phase !== "saving") return state;
      return { phase: "failed", again: false, message: event.message, attempts: state.attempts + 1 };
    case "collided":
      return { ...SAVED, phase: "conflict" };
    case "settled":
      return { ...SAVED, phase: "dirty" };
  }
}

/** Milliseconds until the next attempt after `attempts` failed ones: 1 s, doubled each time, half a minute at most. */
export function backoff(attempts: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.max(0, attempts - 1));
}
