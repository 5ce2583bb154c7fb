/** What the editor tells the palette: its files, Deploy and Save; and Cmd/Ctrl-P, which offers the files alone. */
import { FileCode, Rocket, Save } from "lucide-react";
import { useCallback, useRef } from "react";
import { useEditorStore } from "@/features/drafts/store";
import { useCommandStore, useCommands } from "@/lib/commands";
import { hotkeyLabel, useHotkey } from "@/lib/use-hotkey";

export function useEditorCommands(deploy: () => void, save: () => unknown, open: (path: string) => void): void {
  // Deploy is another function at every drawing; what is registered calls the newest.
  const latest = useRef(deploy);
  latest.current = deploy;
  const press = useCallback(() => latest.current(), []);
  const paths = useEditorStore((state) => Object.keys(state.files).sort().join("\n"));
  useHotkey("p", () => useCommandStore.getState().show("files"));
  useCommands(
    "editor",
    () => [
      { id: "deploy", title: "Deploy", group: "Editor", icon: Rocket, keys: hotkeyLabel("Enter"), run: press },
      { id: "save", title: "Save draft", group: "Editor", icon: Save, keys: hotkeyLabel("s"), run: () => void save() },
      { id: "files", title: "Go to file", group: "Editor", only: "keys" as const, keys: hotkeyLabel("p") },
      ...paths
        .split("\n")
        .filter(Boolean)
        .map((path) => ({ id: `file:${path}`, title: path, group: "Files", icon: FileCode, run: () => open(path) })),
    ],
    [paths, press, save, open],
  );
}
