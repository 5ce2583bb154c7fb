/** What came from the desktop: what would be taken, what it would replace, and what is not taken and why. Nothing is taken before Add. */

import { FileIcon } from "@/components/file-icon";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/lib/format";
import type { Intake } from "../model/intake";

interface Props {
  intake: Intake;
  onDone: (take: boolean) => void;
}

const SHOWN = 100;

export function IntakeDialog({ intake, onDone }: Props) {
  const { taken, refused, same } = intake;
  const replaced = taken.filter((file) => file.replaces).length;
  return (
    <Dialog open wide onClose={() => onDone(false)} title={title(intake)} description={about(replaced, same)}>
      {taken.length > 0 && (
        <Part title={`To be added (${taken.length})`}>
          {taken.slice(0, SHOWN).map((file) => (
            <li key={file.path} className="flex min-w-0 items-center gap-2 py-1">
              <FileIcon path={file.path} className="text-muted" />
              <span className="min-w-0 flex-1 truncate font-mono text-sm" title={file.path}>
                {file.path}
              </span>
              {file.replaces && <span className="shrink-0 text-sm text-waking">replaces yours</span>}
            </li>
          ))}
        </Part>
      )}
      {refused.length > 0 && (
        <Part title={`Not taken (${refused.length})`}>
          {refused.slice(0, SHOWN).map((file, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same path may be refused twice, and the list never changes
            <li key={`${file.path}:${index}`} className="py-1">
              <p className="break-all font-mono text-sm">{file.path}</p>
              <p className="text-muted text-sm">{file.why}</p>
            </li>
          ))}
        </Part>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={() => onDone(false)}>{taken.length > 0 ? "Take nothing" : "Close"}</Button>
        {taken.length > 0 && <Button onClick={() => onDone(true)}>{action(taken.length, replaced)}</Button>}
      </div>
    </Dialog>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="mb-4">
      <h3 className="mb-1 font-medium">{title}</h3>
      <ul
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-[30vh] overflow-y-auto rounded-md border border-line px-3 py-1 outline-offset-[-2px]"
      >
        {children}
      </ul>
    </section>
  );
}

function title({ taken, refused }: Intake): string {
  if (taken.length === 0) return "Nothing of this can be taken";
  return refused.length > 0 ? "Some of this can be taken" : "This replaces files of yours";
}

function about(replaced: number, same: number): string {
  const parts = [
    replaced > 0 && `${plural(replaced, "file")} of yours ${replaced === 1 ? "is" : "are"} replaced; it can be undone.`,
    same > 0 && `${plural(same, "file")} ${same === 1 ? "is" : "are"} there already, with the same text.`,
  ];
  return parts.filter(Boolean).join(" ");
}

function action(taken: number, replaced: number): string {
  const added = taken - replaced;
  if (added === 0) return `Replace ${plural(replaced, "file")}`;
  return replaced === 0 ? `Add ${plural(added, "file")}` : `Add ${added}, replace ${replaced}`;
}
