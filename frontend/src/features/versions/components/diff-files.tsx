/** The files that differ, with the lines that came and went, and the chosen one's texts beside each other; settings in words. */
import { useQuery } from "@tanstack/react-query";
import { DiffView } from "@/components/diff-view";
import { FileIcon } from "@/components/file-icon";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import type { Diff } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { settingWords } from "@/lib/setting-words";
import { useNarrow } from "@/lib/use-narrow";
import { filesQuery } from "../api/versions";
import { sideName } from "../model/sides";

interface Props {
  app: string;
  diff: Diff;
  before: string;
  after: string;
  path: string | undefined;
  onPath: (path: string) => void;
}

export function DiffFiles({ app, diff, before, after, path, onPath }: Props) {
  const shown = diff.files.find((one) => one.path === path) ?? diff.files[0];
  const settings = diff.entrypoint ? [diff.entrypoint, ...diff.settings] : diff.settings;
  if (!shown && settings.length === 0)
    return (
      <EmptyNotice title="Nothing differs">{`${sideName(before)} and ${sideName(after)} are the same, code and settings.`}</EmptyNotice>
    );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <section
        aria-label="What differs"
        // It scrolls, and without files nothing in it takes the focus.
        tabIndex={shown ? undefined : 0}
        className="max-h-[38%] shrink-0 overflow-y-auto border-line border-b p-2"
      >
        <ul aria-label="Changed files">
          {diff.files.map((one) => (
            <li key={one.path}>
              <button
                type="button"
                aria-current={one === shown ? "true" : undefined}
                onClick={() => onPath(one.path)}
                className={cn(
                  "flex h-8 w-full items-center gap-2 rounded-sm px-2 text-left focus-visible:outline-offset-[-2px] pointer-coarse:h-11",
                  one === shown ? "bg-raised font-semibold" : "hover:bg-raised",
                )}
              >
                <FileIcon path={one.path} className="text-muted" />
                <span className="min-w-0 flex-1 truncate">{one.path}</span>
                {one.change !== "changed" && <span className="font-normal text-muted text-sm">{one.change}</span>}
                <span className="tnum shrink-0 font-mono font-normal text-running text-xs">+{one.added}</span>
                <span className="tnum shrink-0 font-mono font-normal text-error text-xs">-{one.removed}</span>
              </button>
            </li>
          ))}
        </ul>
        {settings.length > 0 && (
          <ul aria-label="Changed settings" className="px-2 py-1 text-muted">
            {settings.map((one) => (
              <li key={one.name} className="break-words py-0.5">
                {settingWords(one)}
              </li>
            ))}
          </ul>
        )}
      </section>
      {shown && <Texts app={app} path={shown.path} before={before} after={after} />}
    </div>
  );
}

function Texts({ app, path, before, after }: { app: string; path: string; before: string; after: string }) {
  const old = useQuery(filesQuery(app, before));
  const fresh = useQuery(filesQuery(app, after));
  const narrow = useNarrow();
  const error = old.error ?? fresh.error;
  if (error)
    return (
      <ErrorNotice
        error={error}
        onRetry={() => {
          void old.refetch();
          void fresh.refetch();
        }}
      />
    );
  if (!old.data || !fresh.data) return <div className="skeleton m-4 h-40" aria-busy="true" />;
  const labels = [sideName(before), sideName(after)] as const;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {!narrow && (
        <p className="grid shrink-0 grid-cols-2 border-line border-b px-3.5 py-1 text-muted text-sm">
          <span>{labels[0]}</span>
          <span>{labels[1]}</span>
        </p>
      )}
      <div className="min-h-0 flex-1">
        <DiffView
          path={path}
          before={old.data[path] ?? ""}
          after={fresh.data[path] ?? ""}
          unified={narrow}
          labels={labels}
        />
      </div>
    </div>
  );
}
