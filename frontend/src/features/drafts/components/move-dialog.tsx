/** Where a file or folder goes: dragging it there, for those who do not drag. */
import { Folder } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { shapeProblem } from "@/lib/paths";

interface Props {
  path: string;
  folders: readonly string[];
  /** The folder, empty for the top; null for nowhere. */
  onDone: (folder: string | null) => void;
}

export function MoveDialog({ path, folders, onDone }: Props) {
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const problem = shapeProblem(typed);
  return (
    <Dialog open onClose={() => onDone(null)} title={`Move ${path}`} description="Choose a folder, or name a new one.">
      <ul aria-label="Folders" className="mb-4 flex max-h-[40vh] flex-col gap-1 overflow-y-auto">
        {folders.map((folder) => (
          <li key={folder}>
            <button
              type="button"
              onClick={() => onDone(folder)}
              className="flex h-8 w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-raised focus-visible:outline-offset-[-2px] pointer-coarse:h-11"
            >
              <Folder className="size-4 shrink-0 text-muted" aria-hidden />
              <span className="truncate">{folder || "The top"}</span>
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem) setTried(true);
          else onDone(typed);
        }}
      >
        <Field
          label="New folder"
          placeholder="folder/inner"
          value={typed}
          onChange={(event) => setTyped(event.target.value.trim())}
          error={tried ? (problem ?? undefined) : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={() => onDone(null)}>Leave it there</Button>
          <Button type="submit">Move it</Button>
        </div>
      </form>
    </Dialog>
  );
}
