/**
 * The editor: files left, code in the middle with the deploy rail under it, the test panel right. Where there is no room
 * for three columns they become three tabs, and Deploy stays in the header.
 */
import { useCallback, useEffect, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { ErrorNotice } from "@/components/ui/notice";
import { DeployButton } from "@/features/deploys/components/deploy-button";
import { DeployRail } from "@/features/deploys/components/deploy-rail";
import { useDeployStore } from "@/features/deploys/store";
import { useDeploy } from "@/features/deploys/use-deploy";
import { ConflictDialog } from "@/features/drafts/components/conflict-dialog";
import { FilePanel } from "@/features/drafts/components/file-panel";
import { DiffButton, SaveFailure } from "@/features/drafts/components/save-note";
import { differingPaths, useEditorStore } from "@/features/drafts/store";
import { useDraft } from "@/features/drafts/use-draft";
import { explain } from "@/lib/api/problem";
import type { App, Finding } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { useHotkey } from "@/lib/use-hotkey";
import { EditorBar, PaneTabs } from "./editor-bar";
import { useEditorCommands } from "./editor-commands";
import { EditorDrawers } from "./editor-drawers";
import { ChangesDrawer, CodePane, SearchPanel, TryPane } from "./editor-panes";
import { EditorSkeleton } from "./editor-skeleton";
import { usePlace } from "./use-editor-place";
import { useFindings } from "./use-findings";
import { useLanguage } from "./use-language";

export function Editor({ app }: { app: App }) {
  const draft = useDraft(app.id);
  const deploy = useDeploy(app, draft.flush);
  const live = useDeployStore((state) => state.live);
  const findings = useFindings(app.id, draft.state === "open");
  const place = usePlace(draft.state === "open");
  // The set of paths and not the files, so that a keystroke draws the text and nothing around it.
  const differing = useEditorStore(useShallow(differingPaths));
  const marked = useMemo(() => new Set(differing), [differing]);
  const mine = useDeployStore((state) => (state.app === app.id ? state.progress : null));
  const done = mine?.deploy.status === "succeeded";
  const { refresh } = draft;
  useEffect(() => {
    if (done) refresh();
  }, [done, refresh]);
  useHotkey("Enter", deploy.press);
  const { show: open, pane, setPane, setSearching, searching } = place;
  const search = () => setSearching(true);
  useHotkey("f", search, { shift: true });

  useEditorCommands(deploy.press, draft.flush, open);
  const tools = useLanguage(app.id, draft.state === "open", open);
  useHotkey("s", () => void Promise.resolve(tools?.beforeSave()).then(draft.flush));
  const showFinding = useCallback(
    (finding: Finding) => finding.file && open(finding.file, finding.line ?? undefined),
    [open],
  );
  const failure = mine?.deploy.status === "failed" ? mine.deploy.findings[0] : undefined;
  useEffect(() => {
    if (failure) showFinding(failure);
  }, [failure, showFinding]);
  const differ = { version: app.version, differing: marked.size, onDiff: () => place.setDiff("all") };
  return (
    <>
      <EditorBar app={app} differing={marked.size} onDiff={differ.onDiff} onDrawer={place.setDrawer}>
        <DeployButton running={deploy.running} disabled={draft.state !== "open"} onPress={deploy.press} />
      </EditorBar>
      {draft.state === "loading" && <EditorSkeleton />}
      {draft.state === "failed" && <ErrorNotice error={draft.error} onRetry={draft.retry} />}
      {draft.state === "open" && (
        <>
          <SaveFailure onRetry={() => void draft.flush()} />
          <PaneTabs pane={pane} onPane={setPane} marked={marked.size} />
          <main className="grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)_auto] lg:grid-cols-[200px_minmax(0,1fr)_340px] xl:grid-cols-[220px_minmax(0,1fr)_400px]">
            <div className={cn(COLUMN, "lg:border-r", pane !== "Files" && "max-lg:hidden")}>
              {searching ? (
                <SearchPanel onClose={() => setSearching(false)} onShow={(match) => open(match.path, match.line)} />
              ) : (
                <FilePanel marked={marked} findings={findings} onOpen={open} onSearch={search} flush={draft.flush}>
                  <DiffButton {...differ} className="m-2 h-10 px-2 text-muted lg:hidden" />
                </FilePanel>
              )}
            </div>
            <div
              className={cn(
                "row-start-1 flex min-h-0 min-w-0 flex-col lg:col-start-2",
                pane !== "Code" && "max-lg:hidden",
              )}
            >
              <CodePane marked={marked} findings={findings} line={place.line} onShow={showFinding} tools={tools} />
            </div>
            <div className={cn(COLUMN, "lg:col-start-3 lg:border-l", pane !== "Try it" && "max-lg:hidden")}>
              <TryPane app={app} />
            </div>
            <div className="row-start-2 min-w-0 lg:col-start-2">
              {deploy.error && (
                <p role="alert" className="border-line border-t bg-error-bg px-4 py-2 text-error">
                  {explain(deploy.error)}
                </p>
              )}
              {mine && (
                <DeployRail
                  progress={mine}
                  live={live}
                  elsewhere={deploy.elsewhere}
                  cancelling={deploy.cancelling}
                  onCancel={deploy.cancel}
                  onClose={deploy.close}
                  onShow={showFinding}
                />
              )}
            </div>
          </main>
        </>
      )}
      {draft.state === "open" && app.version !== null && place.diff && (
        <ChangesDrawer
          app={app.id}
          version={app.version}
          path={place.diff}
          onPath={place.setDiff}
          onClose={() => place.setDiff(undefined)}
        />
      )}
      <EditorDrawers app={app} open={place.drawer} onClose={() => place.setDrawer(undefined)} />
      <ConflictDialog />
    </>
  );
}

const COLUMN = "row-start-1 min-h-0 min-w-0 border-line lg:row-span-2";
