/** Where the draft is: one quiet line in the header, a button to what differs. Only a failure raises its voice. */
import { CircleAlert, GitCompareArrows } from "lucide-react";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { useEditorStore } from "../store";

interface NoteProps {
  version: number | null;
  differing: number;
  onDiff: () => void;
  className?: string;
}

export function SaveNote({ version, differing, onDiff, className }: NoteProps) {
  const phase = useEditorStore((state) => state.save.phase);
  const lost = useEditorStore((state) => state.lost);
  const swapLost = useEditorStore((state) => state.swapLost);
  return (
    <div className={cn("flex min-w-0 items-center gap-1.5 text-muted text-sm", className)}>
      <DiffButton {...{ version, differing, onDiff }} />
      <p className="shrink-0" aria-live="polite">
        {PHASES[phase]}
      </p>
      {lost && (
        <button type="button" onClick={swapLost} className="shrink-0 text-text underline underline-offset-4">
          Use the other side instead
        </button>
      )}
    </div>
  );
}

const PHASES = {
  saved: "· saved",
  dirty: "· saving",
  saving: "· saving",
  failed: "· not saved",
  conflict: "· not saved",
};

/** "2 files differ from v7", which opens them; plain words while there is nothing to open. */
export function DiffButton({ version, differing, onDiff, className }: NoteProps) {
  const words = describe(version, differing);
  const icon = <GitCompareArrows className="size-3.5 shrink-0" aria-hidden />;
  if (version === null || differing === 0)
    return (
      <p className={cn("flex min-w-0 items-center gap-1.5", className)}>
        {icon}
        <span className="truncate">{words}</span>
      </p>
    );
  return (
    <button
      type="button"
      onClick={onDiff}
      title="Show what differs"
      className={cn("flex h-7 min-w-0 items-center gap-1.5 rounded-sm px-1 hover:bg-raised hover:text-text", className)}
    >
      {icon}
      <span className="truncate">{words}</span>
    </button>
  );
}

/** A strip above the code while the server does not have the draft and an attempt has failed. */
export function SaveFailure({ onRetry }: { onRetry: () => void }) {
  const save = useEditorStore((state) => state.save);
  if (save.phase !== "failed") return null;
  return (
    <p role="alert" className="flex shrink-0 items-center gap-2 border-line border-b bg-error-bg px-4 py-2 text-error">
      <CircleAlert className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0">Not saved yet, kept on this device. {save.message}</span>
      <button type="button" onClick={onRetry} className="shrink-0 underline underline-offset-4">
        Save now
      </button>
    </p>
  );
}

function describe(version: number | null, differing: number): string {
  if (version === null) return "Not deployed yet";
  return differing === 0
    ? `Same as v${version}`
    : `${plural(differing, "file")} ${differing === 1 ? "differs" : "differ"} from v${version}`;
}
