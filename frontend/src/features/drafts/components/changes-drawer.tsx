/**
 * How the draft differs from the live version: the files on the left, the chosen one's difference beside it, settings in
 * words. A file can be made again what it is in the live version, which can be undone.
 */
import { Columns2, Rows2, Undo2 } from "lucide-react";
import { useState } from "react";
import { DiffView } from "@/components/diff-view";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/drawer";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { readLocal, writeLocal } from "@/lib/local";
import { useNarrow } from "@/lib/use-narrow";
import { useDiff, useVersion } from "../api/changes";
import { discardChanges } from "../file-actions";
import { differing, type Files } from "../model/merge";
import { useEditorStore } from "../store";
import { ChangedFiles, SettingChanges } from "./changed-files";

interface Props {
  app: string;
  version: number;
  /** The chosen file; another one when there is no such change. */
  path: string;
  onPath: (path: string) => void;
  onClose: () => void;
}

export function ChangesDrawer({ app, version, path, onPath, onClose }: Props) {
  const live = useVersion(app, version);
  const files = useEditorStore((state) => state.files);
  return (
    <Drawer open wide onClose={onClose} title={`What differs from v${version}`}>
      {live.isError && <ErrorNotice error={live.error} onRetry={() => void live.refetch()} />}
      {live.isPending && <Skeleton />}
      {live.data && <Changes {...{ app, version, path, onPath }} before={live.data.files} after={files} />}
    </Drawer>
  );
}

type ChangesProps = Omit<Props, "onClose"> & { before: Files; after: Files };

function Changes({ app, version, path, onPath, before, after }: ChangesProps) {
  const diff = useDiff(app);
  const narrow = useNarrow();
  const [unified, setUnified] = useState(() => readLocal<boolean>("fp:diff-unified") ?? false);
  const entrypoint = useEditorStore((state) => state.entrypoint);
  const changed = differing(before, after);
  const settings = diff.data?.settings ?? [];
  const shown = changed.includes(path) ? path : changed[0];
  if (shown === undefined && settings.length === 0 && !diff.data?.entrypoint)
    return <EmptyNotice title={`The draft is the same as v${version}`}>There is nothing to deploy.</EmptyNotice>;
  const toggle = () => {
    setUnified(!unified);
    writeLocal("fp:diff-unified", !unified);
  };
  // What is new and where the app starts cannot be taken away.
  const kept = shown !== undefined && !(shown in before) && shown === entrypoint;
  return (
    <div className="flex h-full min-h-0 max-md:flex-col">
      <div className="shrink-0 overflow-y-auto border-line max-md:max-h-[34%] max-md:border-b md:w-60 md:border-r">
        <ChangedFiles {...{ before, after, changed, shown }} onShow={onPath} />
        <SettingChanges settings={settings} entrypoint={diff.data?.entrypoint ?? null} />
      </div>
      {shown !== undefined && (
        <section aria-label={`Differences in ${shown}`} className="flex min-h-0 min-w-0 flex-1 flex-col">
          <div className="flex shrink-0 items-center gap-2 border-line border-b px-3 py-2">
            <h3 className="min-w-0 flex-1 truncate font-mono text-sm" title={shown}>
              {shown}
            </h3>
            {!kept && (
              <Button size="small" onClick={() => discardChanges(shown, before[shown] ?? null)}>
                <Undo2 aria-hidden />
                Discard this file's changes
              </Button>
            )}
            {!narrow && (
              <Button
                look="quiet"
                size="icon"
                aria-label={unified ? "Side by side" : "One beneath the other"}
                title={unified ? "Side by side" : "One beneath the other"}
                onClick={toggle}
              >
                {unified ? <Columns2 aria-hidden /> : <Rows2 aria-hidden />}
              </Button>
            )}
          </div>
          {!narrow && !unified && (
            <p className="grid shrink-0 grid-cols-2 border-line border-b bg-surface px-3 py-1 text-muted text-sm">
              <span>v{version}, live</span>
              <span>Draft</span>
            </p>
          )}
          <div className="min-h-0 flex-1">
            <DiffView
              path={shown}
              before={before[shown] ?? ""}
              after={after[shown] ?? ""}
              unified={narrow || unified}
              labels={[`v${version}`, "draft"]}
            />
          </div>
        </section>
      )}
    </div>
  );
}

function Skeleton() {
  return (
    <div className="flex flex-col gap-3 p-4" aria-busy="true">
      {["w-40", "w-52", "w-36"].map((width) => (
        <div key={width} className={`skeleton h-3.5 ${width}`} />
      ))}
    </div>
  );
}
