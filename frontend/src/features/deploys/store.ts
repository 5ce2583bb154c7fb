/** The deploy on screen: one at a time, from the moment Deploy is pressed until it is closed or the app is left. */
import { create } from "zustand";
import type { Deploy, DeployEvent } from "@/lib/api/types";
import { advance, begin, type Progress } from "./model/progress";

interface DeployStore {
  app: string | null;
  progress: Progress | null;
  /** The version that was live when it began, and the draft's revision that it took. */
  live: number | null;
  revision: number;
  open: (app: string, deploy: Deploy, live: number | null, revision: number) => void;
  receive: (event: DeployEvent) => void;
  close: () => void;
}

export const useDeployStore = create<DeployStore>()((set) => ({
  app: null,
  progress: null,
  live: null,
  revision: 0,
  open: (app, deploy, live, revision) => set({ app, live, revision, progress: begin(deploy, Date.now()) }),
  receive: (event) => set((state) => (state.progress ? { progress: advance(state.progress, event, Date.now()) } : {})),
  close: () => set({ app: null, progress: null }),
}));
