/**
 * The draft that is open in the editor. It belongs to one app at a time. `base` is the last draft the server is known to
 * hold; what differs from it is not saved yet. Nothing here talks to the server: saver.ts does.
 */
import { create } from "zustand";
import type { Draft } from "@/lib/api/types";
import { differing, type Files, type Merge } from "./model/merge";
import { SAVED, type SaveEvent, type SaveState, saveState } from "./model/save-state";

export interface Base {
  files: Files;
  etag: string;
}

export interface Collision {
  theirs: Draft;
  merged: Merge;
}

interface EditorStore {
  app: string | null;
  files: Files;
  entrypoint: string;
  base: Base;
  /** Paths that differ from the live version, as the server last said. */
  changed: readonly string[];
  active: string;
  open: readonly string[];
  /** Counts edits; a deploy remembers at which one it began. */
  revision: number;
  /** Counts replacements of the text from outside the code view, which must then take the new text. */
  generation: number;
  save: SaveState;
  collision: Collision | null;
  /** The sides that lost the last conflict, so that the choice can be turned round. */
  lost: Files | null;

  load: (app: string, draft: Draft) => void;
  saved: (draft: Draft) => void;
  event: (event: SaveEvent) => void;
  edit: (path: string, text: string) => void;
  add: (path: string, text?: string) => void;
  remove: (path: string) => void;
  rename: (from: string, to: string) => void;
  show: (path: string) => void;
  close: (path: string) => void;
  replace: (files: Files, base: Base, lost?: Files | null) => void;
  collide: (collision: Collision) => void;
  swapLost: () => void;
}

const NOTHING: Base = { files: {}, etag: "" };

export const useEditorStore = create<EditorStore>()((set, get) => ({
  app: null,
  files: {},
  entrypoint: "app.py",
  base: NOTHING,
  changed: [],
  active: "",
  open: [],
  revision: 0,
  generation: 0,
  save: SAVED,
  collision: null,
  lost: null,

  load: (app, draft) =>
    set((state) => {
      const active = draft.entrypoint in draft.files ? draft.entrypoint : (Object.keys(draft.files)[0] ?? "");
      return {
        ...{ app, files: draft.files, entrypoint: draft.entrypoint, base: { files: draft.files, etag: draft.etag } },
        ...{
          changed: draft.changed ?? [],
          active,
          open: active ? [active] : [],
          save: SAVED,
          collision: null,
          lost: null,
        },
        generation: state.generation + 1,
      };
    }),
  saved: (draft) => set({ base: { files: draft.files, etag: draft.etag }, changed: draft.changed ?? [] }),
  event: (event) => set((state) => ({ save: saveState(state.save, event) })),
  edit: (path, text) => {
    if (get().files[path] === text) return;
    set((state) => touched(state, { files: { ...state.files, [path]: text } }));
  },
  add: (path, text = "") =>
    set((state) =>
      touched(state, { files: { ...state.files, [path]: text }, active: path, open: [...state.open, path] }),
    ),
  remove: (path) =>
    set((state) => {
      const { [path]: _gone, ...files } = state.files;
      return touched(state, { files, ...without(state, path, files) });
    }),
  rename: (from, to) =>
    set((state) => {
      const { [from]: text = "", ...rest } = state.files;
      const moved = (path: string) => (path === from ? to : path);
      return touched(state, {
        files: { ...rest, [to]: text },
        entrypoint: moved(state.entrypoint),
        active: moved(state.active),
        open: state.open.map(moved),
      });
    }),
  show: (path) =>
    set((state) => {
      if (!(path in state.files)) return {};
      return { active: path, open: state.open.includes(path) ? state.open : [...state.open, path] };
    }),
  close: (path) => set((state) => without(state, path, state.files)),
  replace: (files, base, lost = null) =>
    set((state) => ({
      ...{ files, base, lost, collision: null, generation: state.generation + 1, revision: state.revision + 1 },
      save: saveState(state.save, { type: "settled" }),
      ...(state.active in files ? {} : without(state, state.active, files)),
    })),
  collide: (collision) => set((state) => ({ collision, save: saveState(state.save, { type: "collided" }) })),
  swapLost: () =>
    set((state) => {
      if (!state.lost) return {};
      const kept = Object.fromEntries(Object.keys(state.lost).map((path) => [path, state.files[path] ?? ""]));
      return touched(state, { files: { ...state.files, ...state.lost }, lost: kept, generation: state.generation + 1 });
    }),
}));

function touched(state: EditorStore, change: Partial<EditorStore>): Partial<EditorStore> {
  return { ...change, revision: state.revision + 1, save: saveState(state.save, { type: "edited" }) };
}

function without(state: EditorStore, path: string, files: Files): Partial<EditorStore> {
  const open = state.open.filter((other) => other !== path && other in files);
  if (state.active !== path) return { open };
  const fallback = open.at(-1) ?? (state.entrypoint in files ? state.entrypoint : (Object.keys(files)[0] ?? ""));
  return { active: fallback, open: open.length > 0 || !fallback ? open : [fallback] };
}

/** Paths to mark: they differ from the live version, or are not saved yet. */
export function markedPaths(state: Pick<EditorStore, "files" | "base" | "changed">): string[] {
  return [
    ...new Set([...state.changed.filter((path) => path in state.files), ...differing(state.files, state.base.files)]),
  ];
}
