/** Where in the editor one is, kept in the address: the file, the line, the pane, the search, the differences. A link shows a colleague the same. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { useEditorStore } from "@/features/drafts/store";
import { optional } from "@/lib/search";
import type { Pane } from "./editor-bar";
import type { EditorDrawer } from "./editor-search";

/** The code is what one sees where the address names no pane. */
const PANES = { files: "Files", try: "Try it" } as const;
const NAMES = { Files: "files", Code: undefined, "Try it": "try" } as const;

export function usePlace(ready: boolean) {
  const { file, line, pane, side, diff, drawer } = useSearch({ from: "/account/apps/$name/edit" });
  const navigate = useNavigate({ from: "/apps/$name/edit" });
  const active = useEditorStore((state) => state.active);
  const read = useRef(false);

  // Once the draft is there, the address says what to show; from then on it follows what is shown.
  useEffect(() => {
    if (!ready) return;
    const { files, show } = useEditorStore.getState();
    if (!read.current) {
      read.current = true;
      if (file !== undefined && file in files) return show(file);
    }
    const now = useEditorStore.getState().active;
    if (active !== now || file === now || !now) return;
    void navigate({
      search: ({ pane, side, diff, drawer }) => optional({ pane, side, diff, drawer, file: now }),
      replace: true,
    });
  }, [ready, active, file, navigate]);

  /** Shows the code, whichever pane was shown before. */
  const show = useCallback(
    (path: string, at?: number) => {
      useEditorStore.getState().show(path);
      void navigate({ search: ({ side }) => optional({ side, file: path, line: at }), replace: true });
    },
    [navigate],
  );
  const setPane = useCallback(
    (to: Pane) => void navigate({ search: (before) => optional({ ...before, pane: NAMES[to] }), replace: true }),
    [navigate],
  );
  const setSearching = useCallback(
    (on: boolean) => {
      const change = on ? ({ side: "search", pane: "files" } as const) : { side: undefined };
      void navigate({ search: (before) => optional({ ...before, ...change }), replace: true });
    },
    [navigate],
  );
  const setDiff = useCallback(
    (path: string | undefined) => void navigate({ search: (before) => optional({ ...before, diff: path }) }),
    [navigate],
  );
  const setDrawer = useCallback(
    (which: EditorDrawer | undefined) =>
      void navigate({ search: (before) => optional({ ...before, drawer: which }), replace: which === undefined }),
    [navigate],
  );
  const shown: Pane = pane === undefined ? "Code" : PANES[pane];
  return {
    line,
    diff,
    drawer,
    setDrawer,
    pane: shown,
    setPane,
    searching: side === "search",
    show,
    setSearching,
    setDiff,
  };
}
