/** The files of the draft: open, add, rename, delete. Below them how much of the room is used. */
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import type { Finding } from "@/lib/api/types";
import { kilobytes, plural } from "@/lib/format";
import { MAX_TOTAL_BYTES, totalBytes, tree } from "../model/tree";
import { useEditorStore } from "../store";
import { FileName } from "./file-name";
import { FileNodes } from "./file-nodes";

interface Props {
  marked: ReadonlySet<string>;
  findings: readonly Finding[];
  onOpen: (path: string) => void;
}

export function FilePanel({ marked, findings, onOpen }: Props) {
  const { files, entrypoint, active, add, remove, rename } = useEditorStore();
  const [adding, setAdding] = useState(false);
  const paths = Object.keys(files);
  const listed = paths.join("\n");
  const nodes = useMemo(() => tree(listed === "" ? [] : listed.split("\n"), entrypoint), [listed, entrypoint]);
  const bad = useMemo(() => new Set(findings.flatMap((finding) => finding.file ?? [])), [findings]);
  return (
    <section aria-label="Files" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="flex h-[37px] shrink-0 items-center justify-between pr-2 pl-3.5">
        <h2 className="font-semibold text-sm">Files</h2>
        <Button
          look="quiet"
          size="icon"
          aria-label="Add a file"
          title="Add a file"
          className="size-7"
          onClick={() => setAdding(true)}
        >
          <Plus aria-hidden />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2">
        {adding && (
          <FileName
            label="New file"
            taken={paths}
            onDone={(path) => {
              setAdding(false);
              if (path) {
                add(path);
                onOpen(path);
              }
            }}
          />
        )}
        <FileNodes
          nodes={nodes}
          depth={0}
          {...{ active, entrypoint, marked, bad, paths, onOpen }}
          onRename={rename}
          onRemove={remove}
        />
      </div>
      <p className="tnum flex shrink-0 justify-between border-line border-t px-3.5 py-2 text-muted text-xs">
        <span>{plural(paths.length, "file")}</span>
        <span>
          {kilobytes(totalBytes(files))} of {MAX_TOTAL_BYTES / 1024} KB
        </span>
      </p>
    </section>
  );
}
