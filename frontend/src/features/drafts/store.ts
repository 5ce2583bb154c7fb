/**
 * The draft that is open in the editor. It belongs to one app at a time. `base` is the last draft the server is known to
 * hold; what differs from it is not saved yet. Nothing here talks to the server: saver.ts does.
 */
import { create } from "zustand";
import type { Draft } from "@/lib/api/types";
import { applied, type Change, reversed } from "./model/changes";
import { differing, type Files, type Merge } from "./model/merge";
import { SAVED, type SaveEvent, type SaveState, saveState } from "./model/save-state";
import { opened, type Tabs } from "./model/tabs";

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
  /** Folders that a person made and that hold nothing yet; the server knows files only. */
  folders: readonly string[];
  /** What was done to the set of files, newest last, to be taken back. */
  done: readonly Change[];

  load: (app: string, draft: Draft, kept?: Tabs | null) => void;
  saved: (draft: Draft) => void;
  event: (event: SaveEvent) => void;
  edit: (path: string, text: string) => void;
  apply: (change: Change) => void;
  /** Takes back that change, or the newest; answers the paths that were edited since and stay. */
  undo: (change?: Change) => readonly string[];
  startIn: (entrypoint: string) => void;
  setFolders: (folders: readonly string[]) => void;
  show: (path: string) => void;
  close: (path: string) => void;
  replace: (files: Files, base: Base, lost?: Files | null) => void;
  collide: (collision: Collision) => void;
  swapLost: () => void;
}

const MOST_UNDO = 50;
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
  folders: [],
  done: [],

  load: (app, draft, kept = null) =>
    set((state) => ({
      ...{ app, files: draft.files, entrypoint: draft.entrypoint, base: { files: draft.files, etag: draft.etag } },
      ...opened(kept, Object.keys(draft.files), draft.entrypoint),
      ...{ changed: draft.changed ?? [], save: SAVED, collision: null, lost: null, folders: [], done: [] },
      generation: state.generation + 1,
    })),
  saved: (draft) => set({ base: { files: draft.files, etag: draft.etag }, changed: draft.changed ?? [] }),
  event: (event) => set((state) => ({ save: saveState(state.save, event) })),
  edit: (path, text) => {
    if (get().files[path] === text) return;
    set((state) => touched(state, { files: { ...state.files, [path]: text } }));
  },
  apply: (change) => set((state) => changed(state, change, [...state.done, change].slice(-MOST_UNDO))),
  undo: (change = get().done.at(-1)) => {
    const state = get();
    if (!change || !state.done.includes(change)) return [];
    const back = reversed(state.files, change);
    set(
      changed(
        state,
        back.change,
        state.done.filter((other) => other !== change),
      ),
    );
    return back.edited;
  },
  startIn: (entrypoint) => set((state) => touched(state, { entrypoint })),
  setFolders: (folders) => set({ folders }),
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

function changed(state: EditorStore, change: Change, done: readonly Change[]): Partial<EditorStore> {
  const files = applied(state.files, change);
  const moved = (path: string) => change.moved[path] ?? path;
  const tabs = opened(
    { open: state.open.map(moved), active: moved(state.active) },
    Object.keys(files),
    moved(state.entrypoint),
  );
  return touched(state, {
    files,
    done,
    ...tabs,
    entrypoint: moved(state.entrypoint),
    generation: state.generation + 1,
  });
}

function without(state: EditorStore, path: string, files: Files): Partial<EditorStore> {
  const open = state.open.filter((other) => other !== path && other in files);
  if (state.active !== path) return { open };
  const fallback = open.at(-1) ?? (state.entrypoint in files ? state.entrypoint : (Object.keys(files)[0] ?? ""));
  return { active: fallback, open: open.length > 0 || !fallback ? open : [fallback] };
}

/** Paths that differ from the live version, or are not saved yet; those that are gone too. */
export function differingPaths(state: Pick<EditorStore, "files" | "base" | "changed">): string[] {
  return [...new Set([...state.changed, ...differing(state.files, state.base.files)])].sort();
}
