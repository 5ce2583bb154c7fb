/** What can be done from every screen behind the login, and with the app that the address names; and the keys for it. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  Activity,
  Boxes,
  CodeXml,
  ExternalLink,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Plus,
  Power,
  Settings,
  Sun,
  Terminal,
  Trash2,
  UserRound,
} from "lucide-react";
import { lazy, Suspense } from "react";
import { useAct, type Verb } from "@/features/apps/api/actions";
import { powersOf } from "@/features/apps/verbs";
import { meQuery, useLogout } from "@/features/auth/api/auth";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import { useAppStore } from "@/lib/app-store";
import { appQuery } from "@/lib/apps";
import { type Command, useCommandStore, useCommands } from "@/lib/commands";
import { toast } from "@/lib/toasts";
import { hotkeyLabel } from "@/lib/use-hotkey";
import { ADMIN_SECTIONS } from "./admin-search";
import { DASHBOARD_TABS } from "./dashboard-search";

const Overlay = lazy(async () => ({ default: (await import("./palette")).Overlay }));

export function GlobalCommands() {
  const open = useCommandStore((state) => state.open);
  const { name } = useParams({ strict: false });
  usePages();
  return (
    <>
      {name && <AppCommands key={name} name={name} />}
      {open && (
        <Suspense>
          <Overlay />
        </Suspense>
      )}
    </>
  );
}

function usePages() {
  const navigate = useNavigate();
  const setTheme = useAppStore((state) => state.setTheme);
  const show = useCommandStore((state) => state.show);
  const logout = useLogout(() => void navigate({ to: "/login" }));
  const leave = logout.mutate;
  const admin = useQuery(meQuery).data?.admin ?? false;
  useCommands(
    "everywhere",
    () => [
      { id: "new", title: "New app", group: "Go to", icon: Plus, run: () => void navigate({ to: "/new" }) },
      { id: "apps", title: "All apps", group: "Go to", icon: Boxes, run: () => void navigate({ to: "/" }) },
      {
        ...{ id: "trash", title: "Recently deleted", group: "Go to", icon: Trash2, words: "trash restore undo" },
        run: () => void navigate({ to: "/trash" }),
      },
      {
        ...{ id: "device", title: "Approve a log-in from a terminal", group: "Go to", icon: Terminal, words: "device" },
        run: () => void navigate({ to: "/device" }),
      },
      {
        ...{ id: "account", title: "Account", group: "Go to", icon: UserRound, words: "tokens password sessions" },
        run: () => void navigate({ to: "/account" }),
      },
      ...(admin ? administration((section) => void navigate({ to: "/admin/$section", params: { section } })) : []),
      { id: "dark", title: "Theme: dark", group: "Page", icon: Moon, run: () => setTheme("dark") },
      { id: "light", title: "Theme: light", group: "Page", icon: Sun, run: () => setTheme("light") },
      { id: "system", title: "Theme: like the system", group: "Page", icon: Monitor, run: () => setTheme("system") },
      { id: "palette", title: "Command palette", group: "Page", only: "keys", keys: hotkeyLabel("k") },
      {
        ...{ id: "shortcuts", title: "Keyboard shortcuts", group: "Page", icon: Keyboard, keys: "?" },
        run: () => show("shortcuts"),
      },
      { id: "logout", title: "Log out", group: "Page", icon: LogOut, words: "sign out", run: () => leave() },
    ],
    [navigate, setTheme, show, leave, admin],
  );
}

function administration(go: (section: string) => void): Command[] {
  return Object.entries(ADMIN_SECTIONS).map(([section, title]) => ({
    ...{ id: `admin-${section}`, title: `Administration: ${title.toLowerCase()}`, group: "Go to", icon: Settings },
    run: () => go(section),
  }));
}

const WORDS: Record<Verb, [title: string, done: string]> = {
  wake: ["Wake", "is awake"],
  sleep: ["Sleep", "sleeps"],
  pause: ["Pause", "is paused"],
  resume: ["Resume", "may wake again"],
  restart: ["Restart", "runs anew"],
};

/** With the app that is on screen: its screens, its address, and what can be done to it now. */
function AppCommands({ name }: { name: string }) {
  const app = useQuery({ ...appQuery(name), refetchInterval: false }).data;
  const navigate = useNavigate();
  const act = useAct().mutate;
  useCommands("app", () => {
    if (!app) return [];
    const params = { name: app.name };
    const group = app.name;
    const edit: Command = {
      ...{ id: "edit", title: "Edit code", group, icon: CodeXml },
      run: () => void navigate({ to: "/apps/$name/edit", params }),
    };
    const tabs = DASHBOARD_TABS.map(
      (tab): Command => ({
        ...{ id: tab, title: tab.charAt(0).toUpperCase() + tab.slice(1), group, icon: Activity },
        run: () => void navigate({ to: "/apps/$name", params, search: { tab } }),
      }),
    );
    const powers = powersOf(app).map(
      (verb): Command => ({
        ...{ id: verb, title: WORDS[verb][0], group, icon: Power },
        run: () => act({ app, verb }, told(app, verb)),
      }),
    );
    if (app.version === null) return [edit];
    const visit: Command = {
      ...{ id: "visit", title: "Open address", group, icon: ExternalLink, note: app.url },
      run: () => window.open(app.url, "_blank", "noreferrer"),
    };
    return [edit, ...powers, visit, ...tabs];
  }, [app?.id, app?.name, app?.status, app?.version, app?.url, navigate, act]);
  return null;
}

function told(app: App, verb: Verb) {
  return {
    onSuccess: () => toast(`${app.name} ${WORDS[verb][1]}`),
    // The app's status and its page tell the same; the palette is gone by now.
    onError: (error: unknown) => toast(explain(error)),
  };
}
