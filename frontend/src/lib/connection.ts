/**
 * Whether the server can be reached. Any call that gets no answer, or a proxy's error in its place, loses the connection; it
 * is then asked after in the background, and once it answers everything on screen is asked for again.
 */
import { create } from "zustand";

interface ConnectionStore {
  lost: boolean;
  /** Counts the times it came back. */
  returns: number;
  lose: () => void;
  find: () => void;
}

const WAITS_MS = [500, 1_000, 2_000, 4_000];

export const useConnection = create<ConnectionStore>()((set, get) => ({
  lost: false,
  returns: 0,
  lose: () => {
    if (!get().lost) set({ lost: true });
  },
  find: () => {
    if (get().lost) set((state) => ({ lost: false, returns: state.returns + 1 }));
  },
}));

/** Watches for as long as the page is up; `back` is called each time the connection has returned. */
export function watchConnection(back: () => void): () => void {
  const { lose, find } = useConnection.getState();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const probe = async (attempt: number) => {
    if (await answers()) find();
    else wait(attempt + 1);
  };
  const wait = (attempt: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void probe(attempt), WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)]);
  };
  const now = () => void (useConnection.getState().lost && probe(0));
  const unsubscribe = useConnection.subscribe((state, before) => {
    if (state.lost && !before.lost) wait(0);
    if (!state.lost) clearTimeout(timer);
    if (state.returns > before.returns) back();
  });
  window.addEventListener("offline", lose);
  window.addEventListener("online", now);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    window.removeEventListener("offline", lose);
    window.removeEventListener("online", now);
  };
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch("/api/health", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
