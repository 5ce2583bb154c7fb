/** One version held against another state of the app: which files and settings differ, and the button that goes back to it. */
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import type { App } from "@/lib/api/types";
import { diffQuery } from "../api/versions";
import { type AppVersion, ordered, sidesFor } from "../model/sides";
import { DiffFiles } from "./diff-files";
import { RollbackDialog } from "./rollback-dialog";
import type { VersionsChoice } from "./versions-panel";

interface Props {
  app: App;
  versions: readonly AppVersion[];
  version: AppVersion;
  choice: VersionsChoice;
  onChoose: (choice: VersionsChoice) => void;
}

export function VersionDetail({ app, versions, version, choice, onChoose }: Props) {
  const [asking, setAsking] = useState(false);
  const sides = sidesFor(versions, version.number);
  const other = sides.find((one) => one.value === choice.with)?.value ?? sides[0]?.value ?? "draft";
  const [before, after] = ordered(version.number, other);
  const diff = useQuery(diffQuery(app.id, before, after));
  return (
    <section aria-label={`Version ${version.number}`} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3.5 py-2.5">
        <h2 className="font-semibold text-[15px]">v{version.number}</h2>
        <span className="text-muted">compared with</span>
        <Select
          label="Compare with"
          value={other}
          options={sides}
          onChange={(side) => onChoose({ ...choice, version: version.number, with: side, path: undefined })}
        />
        <span className="flex-1" />
        {!version.live && (
          <Button onClick={() => setAsking(true)}>
            <Undo2 aria-hidden />
            Go back to v{version.number}
          </Button>
        )}
      </div>
      {diff.isError && <ErrorNotice error={diff.error} onRetry={() => void diff.refetch()} />}
      {diff.isPending && <div className="skeleton m-4 h-24" aria-busy="true" />}
      {diff.data && (
        <DiffFiles
          app={app.id}
          diff={diff.data}
          before={before}
          after={after}
          path={choice.path}
          onPath={(path) => onChoose({ ...choice, version: version.number, with: other, path })}
        />
      )}
      <RollbackDialog app={app} version={version.number} open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}
