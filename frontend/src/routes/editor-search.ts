/** What the editor's address says: the file and line, what is beside the code, and what lies over it. */
import { optional } from "@/lib/search";
import { text } from "./dashboard-search";

const PANES = ["files", "try"] as const;
const DRAWERS = ["settings", "versions"] as const;
export type EditorDrawer = (typeof DRAWERS)[number];

interface EditorSearch {
  file?: string;
  line?: number;
  /** What is shown where there is room for one pane alone; the code when it is absent. */
  pane?: (typeof PANES)[number];
  side?: "search";
  /** The file whose difference from the live version is shown. */
  diff?: string;
  drawer?: EditorDrawer;
}

export function editorSearch(search: Record<string, unknown>): EditorSearch {
  return optional({
    file: text(search.file),
    line: typeof search.line === "number" ? search.line : undefined,
    pane: PANES.find((pane) => pane === search.pane),
    side: search.side === "search" ? "search" : undefined,
    diff: text(search.diff),
    drawer: DRAWERS.find((drawer) => drawer === search.drawer),
  });
}
