/** The deploy on screen: one at a time, from the moment Deploy is pressed until it is closed or the app is left. */
import { create } from "zustand";
import type { Deploy, DeployEvent } from "@/lib/api/types";
import { advance, begin, over, type Progress } from "./model/progress";

interface DeployStore {
  app: string | null;
  progress: Progress | null;
  /** The version that was live when it began. */
  live: number | null;
  /** It was not started from this page. */
  elsewhere: boolean;
  /** Deploys that are or were on screen, so that neither they nor what came before them comes back by itself. */
  seen: readonly Deploy[];
  open: (app: string, deploy: Deploy, live: number | null, elsewhere: boolean) => void;
  receive: (event: DeployEvent) => void;
  /** The deploy as an answer of its own tells it; the stream goes on counting where it was. */
  told: (deploy: Deploy) => void;
  close: () => void;
}

export const useDeployStore = create<DeployStore>()((set) => ({
  app: null,
  progress: null,
  live: null,
  elsewhere: false,
  seen: [],
  open: (app, deploy, live, elsewhere) =>
    set((state) => ({
      ...{ app, live, elsewhere, progress: begin(deploy, Date.now()), seen: [...state.seen, deploy] },
    })),
  receive: (event) => set((state) => (state.progress ? { progress: advance(state.progress, event, Date.now()) } : {})),
  told: (deploy) =>
    set((state) => {
      if (state.progress?.deploy.id !== deploy.id || over(state.progress.deploy)) return {};
      return { progress: { ...state.progress, deploy } };
    }),
  close: () => set({ app: null, progress: null }),
}));
