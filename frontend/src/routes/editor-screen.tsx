/**
 * The editor: files left, code in the middle with the deploy rail under it, the test panel right. Where there is no room
 * for three columns they become three tabs, and Deploy stays in the header.
 */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { TopBar } from "@/components/top-bar";
import { buttonStyle } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { StatusPill } from "@/components/ui/status-pill";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { DeployButton } from "@/features/deploys/components/deploy-button";
import { DeployRail } from "@/features/deploys/components/deploy-rail";
import { useDeployStore } from "@/features/deploys/store";
import { useDeploy } from "@/features/deploys/use-deploy";
import { ConflictDialog } from "@/features/drafts/components/conflict-dialog";
import { FilePanel } from "@/features/drafts/components/file-panel";
import { SaveFailure, SaveNote } from "@/features/drafts/components/save-note";
import { markedPaths, useEditorStore } from "@/features/drafts/store";
import { useDraft } from "@/features/drafts/use-draft";
import { DatabaseBadge } from "@/features/settings/components/database-badge";
import { explain } from "@/lib/api/problem";
import type { App, Finding } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { useHotkey } from "@/lib/use-hotkey";
import { CodePane, TryPane } from "./editor-panes";
import { EditorSkeleton } from "./editor-skeleton";
import { useFindings } from "./use-findings";

const PANES = ["Files", "Code", "Try it"] as const;
type Pane = (typeof PANES)[number];

export function Editor({ app }: { app: App }) {
  const draft = useDraft(app.id);
  const deploy = useDeploy(app, draft.flush, () => useEditorStore.getState().revision);
  const live = useDeployStore((state) => state.live);
  const { files, base, changed, show } = useEditorStore();
  const [pane, setPane] = useState<Pane>("Code");
  const findings = useFindings(app.id, draft.state === "open");
  const { line } = useSearch({ from: "/account/apps/$name/edit" });
  const navigate = useNavigate({ from: "/apps/$name/edit" });
  const marked = useMemo(() => new Set(markedPaths({ files, base, changed })), [files, base, changed]);
  const mine = useDeployStore((state) => (state.app === app.id ? state.progress : null));
  const done = mine?.deploy.status === "succeeded";
  const { refresh } = draft;
  useEffect(() => {
    if (done) refresh();
  }, [done, refresh]);
  useHotkey("Enter", deploy.press);
  useHotkey("s", () => void draft.flush());

  const open = useCallback(
    (path: string) => {
      show(path);
      setPane("Code");
    },
    [show],
  );
  const showFinding = useCallback(
    (finding: Finding) => {
      if (!finding.file) return;
      open(finding.file);
      void navigate({ search: { line: finding.line ?? undefined }, replace: true });
    },
    [open, navigate],
  );
  const failure = mine?.deploy.status === "failed" ? mine.deploy.findings[0] : undefined;
  useEffect(() => {
    if (failure) showFinding(failure);
  }, [failure, showFinding]);
  return (
    <>
      <EditorBar app={app} marked={marked.size}>
        <DeployButton running={deploy.running} disabled={draft.state !== "open"} onPress={deploy.press} />
      </EditorBar>
      {draft.state === "loading" && <EditorSkeleton />}
      {draft.state === "failed" && <ErrorNotice error={draft.error} onRetry={draft.retry} />}
      {draft.state === "open" && (
        <>
          <SaveFailure onRetry={() => void draft.flush()} />
          <PaneTabs pane={pane} onPane={setPane} marked={marked.size} />
          <div className="grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)_auto] lg:grid-cols-[200px_minmax(0,1fr)_340px] xl:grid-cols-[200px_minmax(0,1fr)_400px]">
            <div
              className={cn(
                "min-h-0 border-line max-lg:row-start-1 lg:row-span-2 lg:border-r",
                pane !== "Files" && "max-lg:hidden",
              )}
            >
              <FilePanel marked={marked} findings={findings} onOpen={open} />
            </div>
            <main
              className={cn(
                "row-start-1 flex min-h-0 min-w-0 flex-col lg:col-start-2",
                pane !== "Code" && "max-lg:hidden",
              )}
            >
              <CodePane marked={marked} findings={findings} line={line} onShow={showFinding} />
            </main>
            <div
              className={cn(
                "row-start-1 min-h-0 border-line lg:col-start-3 lg:row-span-2 lg:border-l",
                pane !== "Try it" && "max-lg:hidden",
              )}
            >
              <TryPane app={app} />
            </div>
            <div className="row-start-2 min-w-0 lg:col-start-2">
              {deploy.error && (
                <p role="alert" className="border-line border-t bg-error-bg px-4 py-2 text-error">
                  {explain(deploy.error)}
                </p>
              )}
              {mine && <DeployRail progress={mine} live={live} onClose={deploy.close} onShow={showFinding} />}
            </div>
          </div>
        </>
      )}
      <ConflictDialog />
    </>
  );
}

function EditorBar({ app, marked, children }: { app: App; marked: number; children: React.ReactNode }) {
  return (
    <TopBar
      app={app.name}
      actions={
        <>
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
      <SaveNote version={app.version} marked={marked} />
    </TopBar>
  );
}

function PaneTabs({ pane, onPane, marked }: { pane: Pane; onPane: (pane: Pane) => void; marked: number }) {
  return (
    <nav aria-label="Parts of the editor" className="flex h-11 shrink-0 border-line border-b bg-surface lg:hidden">
      {PANES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === pane}
          onClick={() => onPane(name)}
          className={cn(
            "relative flex-1 after:absolute after:inset-x-4 after:bottom-[-1px] after:h-0.5",
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
