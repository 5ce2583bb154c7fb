/** The editor's header, and the tabs that its three columns become where there is no room for them. */
import { Link } from "@tanstack/react-router";
import { Activity, History, SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { TopBar } from "@/components/top-bar";
import { Button, buttonStyle } from "@/components/ui/button";
import { StatusPill } from "@/components/ui/status-pill";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { SaveNote } from "@/features/drafts/components/save-note";
import { DatabaseBadge } from "@/features/settings/components/database-badge";
import type { App } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import type { EditorDrawer } from "./editor-search";

interface BarProps {
  app: App;
  differing: number;
  onDiff: () => void;
  onDrawer: (drawer: EditorDrawer) => void;
  children: ReactNode;
}

export function EditorBar({ app, differing, onDiff, onDrawer, children }: BarProps) {
  return (
    <TopBar
      app={app.name}
      actions={
        <>
          <Button
            look="quiet"
            size="icon"
            aria-label="Versions"
            title="Versions"
            onClick={() => onDrawer("versions")}
            className="max-sm:hidden"
          >
            <History aria-hidden />
          </Button>
          <Button look="quiet" size="icon" aria-label="Settings" title="Settings" onClick={() => onDrawer("settings")}>
            <SlidersHorizontal aria-hidden />
          </Button>
          {app.version !== null && (
            <Link
              to="/apps/$name"
              params={{ name: app.name }}
              aria-label="Requests and logs"
              title="Requests and logs"
              className={cn(buttonStyle({ look: "quiet", size: "icon" }), "max-sm:hidden")}
            >
              <Activity aria-hidden />
            </Link>
          )}
          {children}
          <span className="max-sm:hidden">
            <AccountMenu />
          </span>
        </>
      }
    >
      <StatusPill status={app.status} />
      <DatabaseBadge app={app.id} />
      <SaveNote version={app.version} differing={differing} onDiff={onDiff} className="max-lg:hidden" />
    </TopBar>
  );
}

const PANES = ["Files", "Code", "Try it"] as const;
export type Pane = (typeof PANES)[number];

export function PaneTabs({ pane, onPane, marked }: { pane: Pane; onPane: (pane: Pane) => void; marked: number }) {
  return (
    <nav aria-label="Parts of the editor" className="flex h-11 shrink-0 border-line border-b bg-surface lg:hidden">
      {PANES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === pane}
          onClick={() => onPane(name)}
          className={cn(
            "relative flex-1 after:absolute after:inset-x-4 after:bottom-[-1px] after:h-0.5 focus-visible:outline-offset-[-2px]",
            name === pane ? "font-semibold after:bg-accent" : "text-muted",
          )}
        >
          {name}
          {name === "Files" && marked > 0 && (
            <span className="ml-1.5 inline-block size-1.5 rounded-full bg-accent align-middle" aria-hidden />
          )}
        </button>
      ))}
    </nav>
  );
}
