/**
 * State of the whole page that no server holds: whether the login ran out, and the chosen theme.
 *
 * `expired` opens the login dialog over whatever is on screen, so that nothing typed is lost. `logins` counts the times
 * someone logged in again: whoever has work waiting (an unsaved draft) subscribes to it and tries again.
 */
import { create } from "zustand";
import { readTheme, type ThemeChoice, writeTheme } from "./theme";

interface AppStore {
  expired: boolean;
  logins: number;
  theme: ThemeChoice;
  expire: () => void;
  resume: () => void;
  setTheme: (theme: ThemeChoice) => void;
}

export const useAppStore = create<AppStore>()((set) => ({
  expired: false,
  logins: 0,
  theme: readTheme(),
  expire: () => set({ expired: true }),
  resume: () => set((state) => ({ expired: false, logins: state.logins + 1 })),
  setTheme: (theme) => {
    writeTheme(theme);
    set({ theme });
  },
}));

// Another tab chose: theme.js has painted it already.
if (typeof window !== "undefined")
  window.addEventListener("storage", () => useAppStore.setState({ theme: readTheme() }));
