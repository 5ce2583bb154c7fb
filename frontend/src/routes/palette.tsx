/** The palette over any screen: what is registered, and the apps that the server finds for the words typed. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Box } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { statusWord } from "@/components/ui/status-pill";
import { Palette } from "@/features/palette/components/palette";
import { ShortcutList } from "@/features/palette/components/shortcut-list";
import { fleetQuery } from "@/lib/apps";
import { allCommands, type Command, offered, useCommandStore } from "@/lib/commands";
import { ranked } from "@/lib/fuzzy";

const SHOWN = 8;
const RECENT = 100;
/** Lines at most: who wants more types another letter. */
const MOST = 60;

export function Overlay() {
  const open = useCommandStore((state) => state.open);
  const hide = useCommandStore((state) => state.hide);
  if (open === null) return null;
  if (open === "shortcuts") return <ShortcutList onClose={hide} />;
  return open === "files" ? <Files onClose={hide} /> : <Everything onClose={hide} />;
}

function Files({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const commands = offered(allCommands(useCommandStore((state) => state.sources)), "files");
  const found = ranked(commands, words, textOf);
  const text = { label: "Go to file", placeholder: "Go to file" };
  return <Palette {...text} found={found} busy={false} words={words} onWords={setWords} onClose={onClose} />;
}

function Everything({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const typed = words.trim();
  const { apps, busy } = useApps(typed);
  const commands = offered(allCommands(useCommandStore((state) => state.sources)), "everything");
  const found = grouped(ranked([...commands, ...apps], words, textOf).slice(0, MOST), typed !== "");
  const text = { label: "Command palette", placeholder: "Find an app, a file or something to do" };
  return <Palette {...text} found={found} busy={busy} words={words} onWords={setWords} onClose={onClose} />;
}

/** The apps last used, found by any of their letters; in a longer fleet also those that the server finds by the words. */
function useApps(typed: string): { apps: Command[]; busy: boolean } {
  const asked = useDeferredValue(typed);
  const recent = useQuery({ ...fleetQuery({ limit: RECENT }), staleTime: 10_000 });
  const long = (recent.data?.total ?? 0) > RECENT && asked !== "";
  const more = useQuery({ ...fleetQuery({ q: asked, limit: SHOWN }), enabled: long });
  const navigate = useNavigate();
  const rows = [...(recent.data?.items ?? []), ...((long && more.data?.items) || [])];
  const different = [...new Map(rows.map((row) => [row.app.id, row.app])).values()];
  const apps = (typed === "" ? different.slice(0, SHOWN) : different).map(
    (app): Command => ({
      id: `app/${app.id}`,
      title: app.name,
      group: "Apps",
      note: statusWord(app.status),
      icon: Box,
      run: () =>
        void navigate({ to: app.status === "draft" ? "/apps/$name/edit" : "/apps/$name", params: { name: app.name } }),
    }),
  );
  return { apps, busy: recent.isPending || (long && more.isPending) };
}

function textOf(command: Command): string {
  return `${command.title} ${command.words ?? ""}`;
}

const LATER = ["Apps", "Files", "Go to", "Page"];

/**
 * Each group together. With words, the group of what fits best is first, so that Enter does what was meant; without, what
 * belongs to the screen comes first, and what is everywhere last.
 */
function grouped(found: readonly Command[], typed: boolean): Command[] {
  const order = [...new Set(found.map((command) => command.group))];
  if (!typed) order.sort((a, b) => LATER.indexOf(a) - LATER.indexOf(b));
  return order.flatMap((group) => found.filter((command) => command.group === group));
}
