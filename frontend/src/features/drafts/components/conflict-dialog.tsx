/**
 * The draft was changed elsewhere in the same files. Both sides are shown, and of each file one text is made: piece by piece,
 * or one side whole. Until then neither side is touched; afterwards both can still be had back.
 */
import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toasts";
import { useNarrow } from "@/lib/use-narrow";
import { takeBack } from "../file-actions";
import { put } from "../model/changes";
import { merge, settled } from "../model/merge";
import { useEditorStore } from "../store";

const MergeEditor = lazy(async () => ({ default: (await import("./merge-editor")).MergeEditor }));

export function ConflictDialog() {
  const collision = useEditorStore((state) => state.collision);
  return collision && <Settle key={collision.theirs.etag} />;
}

/** Null: the file is not there on that side, or shall not be. */
type Texts = Readonly<Record<string, string | null>>;

function Settle() {
  const { collision, base, files, replace } = useEditorStore();
  const [results, setResults] = useState<Texts>({});
  const [round, setRound] = useState(0);
  const [path, setPath] = useState(collision?.merged.conflicts[0] ?? "");
  const narrow = useNarrow();
  if (!collision) return null;
  const { theirs, merged } = collision;
  const mine = files[path] ?? null;
  const other = theirs.files[path] ?? null;
  const result = path in results ? (results[path] ?? null) : mine;
  const choose = (text: string | null) => {
    setResults({ ...results, [path]: text });
    setRound(round + 1);
  };
  const keep = () => {
    const now = merge(base.files, files, theirs.files);
    const end = settled(now, files, theirs.files, results);
    replace(end.files, { files: theirs.files, etag: theirs.etag }, end.lost);
    if (Object.keys(end.mine).length === 0) return;
    const change = { ...put("Settled with the other side", files, {}), before: end.mine, after: end.taken };
    useEditorStore.setState((state) => ({ done: [...state.done, change] }));
    toast("Both sides are settled", { label: "Back to this window's", onUndo: () => takeBack(change) });
  };
  return (
    <Dialog
      open
      sticky
      full
      onClose={() => undefined}
      title="This draft was also changed elsewhere"
      description={`Another window or the fp command saved ${plural(merged.conflicts.length, "file")} that you changed too. Make one text of both; neither side is lost.`}
    >
      {merged.conflicts.length > 1 && (
        <nav aria-label="Files changed on both sides" className="mb-2 flex gap-1 overflow-x-auto">
          {merged.conflicts.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === path}
              onClick={() => setPath(name)}
              className={cn(
                "h-8 shrink-0 rounded-md px-2.5 font-mono text-sm pointer-coarse:h-11",
                name === path ? "bg-raised" : "text-muted hover:text-text",
              )}
            >
              {name}
            </button>
          ))}
        </nav>
      )}
      <section aria-label={path} className="overflow-hidden rounded-md border border-line">
        <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
          <h3 className="min-w-0 flex-1 truncate font-medium font-mono text-sm">{path}</h3>
          <Button size="small" aria-pressed={result === other} onClick={() => choose(other)}>
            {other === null ? "Delete it, as elsewhere" : "All as elsewhere"}
          </Button>
          <Button size="small" aria-pressed={result === mine} onClick={() => choose(mine)}>
            {mine === null ? "Delete it, as here" : "All as here"}
          </Button>
        </div>
        {result === null ? (
          <p className="p-6 text-center text-muted">This file will be deleted.</p>
        ) : (
          <>
            <p className="grid grid-cols-2 px-3 py-1 text-muted text-sm max-md:hidden">
              <span>Elsewhere</span>
              <span>To be saved, begun with this window's</span>
            </p>
            <Suspense fallback={<div className="skeleton m-3 h-[46vh] min-h-40" />}>
              <MergeEditor
                key={`${path}:${round}`}
                path={path}
                theirs={other ?? ""}
                text={result}
                unified={narrow}
                onEdit={(text) => setResults((before) => ({ ...before, [path]: text }))}
              />
            </Suspense>
          </>
        )}
      </section>
      <div className="mt-4 flex justify-end">
        <Button onClick={keep}>{merged.conflicts.length === 1 ? "Save this text" : "Save these texts"}</Button>
      </div>
    </Dialog>
  );
}
