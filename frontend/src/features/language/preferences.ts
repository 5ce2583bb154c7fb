/** Whether Cmd/Ctrl-S also formats: kept on this device, off until somebody wants it. */
import { create } from "zustand";
import { readLocal, writeLocal } from "@/lib/local";

const KEY = "fp:format-on-save";

interface Preferences {
  formatOnSave: boolean;
  setFormatOnSave: (on: boolean) => void;
}

export const usePreferences = create<Preferences>()((set) => ({
  formatOnSave: readLocal<boolean>(KEY) === true,
  setFormatOnSave: (formatOnSave) => {
    writeLocal(KEY, formatOnSave);
    set({ formatOnSave });
  },
}));
