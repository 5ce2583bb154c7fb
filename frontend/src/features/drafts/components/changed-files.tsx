/** The lists beside a difference: which files are new, gone or changed, and which settings. */

import { FileIcon } from "@/components/file-icon";
import type { Diff } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { settingWords } from "@/lib/setting-words";
import type { Files } from "../model/merge";

interface Props {
  before: Files;
  after: Files;
  changed: readonly string[];
  shown: string | undefined;
  onShow: (path: string) => void;
}

export function ChangedFiles({ before, after, changed, shown, onShow }: Props) {
  if (changed.length === 0) return null;
  return (
    <ul aria-label="Changed files" className="p-2">
      {changed.map((path) => (
        <li key={path}>
          <button
            type="button"
            aria-current={path === shown ? "true" : undefined}
            title={path}
            onClick={() => onShow(path)}
            className={cn(
              "flex h-8 w-full items-center gap-2 rounded-sm px-2 text-left focus-visible:outline-offset-[-2px] pointer-coarse:h-11",
              path === shown ? "bg-raised font-semibold" : "hover:bg-raised",
            )}
          >
            <FileIcon path={path} className="text-muted" />
            <span className="min-w-0 flex-1 truncate">{path}</span>
            <span className={cn("shrink-0 font-normal text-sm", colour(path, before, after))}>
              {word(path, before, after)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function word(path: string, before: Files, after: Files): string {
  if (!(path in before)) return "new";
  return path in after ? "changed" : "deleted";
}

function colour(path: string, before: Files, after: Files): string {
  if (!(path in before)) return "text-running";
  return path in after ? "text-muted" : "text-error";
}

export function SettingChanges({ settings, entrypoint }: Pick<Diff, "settings" | "entrypoint">) {
  if (settings.length === 0 && !entrypoint) return null;
  return (
    <section aria-label="Changed settings" className="border-line border-t px-4 py-3">
      <h3 className="mb-1 font-medium">Settings</h3>
      <ul className="flex flex-col gap-1.5 text-sm">
        {entrypoint && (
          <li className="break-words">
            The app started in {entrypoint.before} and starts in {entrypoint.after}
          </li>
        )}
        {settings.map((setting) => (
          <li key={setting.name} className="break-words">
            {settingWords(setting)}
          </li>
        ))}
      </ul>
    </section>
  );
}
