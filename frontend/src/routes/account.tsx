/** Everything behind a login: the screen below fills the window and scrolls by itself. */
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useCommandStore } from "@/lib/commands";
import { useHotkey } from "@/lib/use-hotkey";
import { useKey } from "@/lib/use-key";

/** What the keys lead to comes right behind the first screen; the keys themselves are there from the start. */
const GlobalCommands = lazy(async () => ({ default: (await import("./global-commands")).GlobalCommands }));

export function AccountLayout() {
  const show = useCommandStore((state) => state.show);
  useHotkey("k", () => show("everything"));
  useKey((key) => {
    if (key === "?") show("shortcuts");
    return key === "?";
  });
  return (
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden">
      <Outlet />
      <Suspense>
        <GlobalCommands />
      </Suspense>
    </div>
  );
}
