/** Where the draft is: one quiet line in the header. Only a failure raises its voice, and says what is being done. */
import { CircleAlert, GitCompareArrows } from "lucide-react";
import { plural } from "@/lib/format";
import { useEditorStore } from "../store";

export function SaveNote({ version, marked }: { version: number | null; marked: number }) {
  const phase = useEditorStore((state) => state.save.phase);
  const lost = useEditorStore((state) => state.lost);
  const swapLost = useEditorStore((state) => state.swapLost);
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-muted text-sm max-lg:hidden" aria-live="polite">
      <GitCompareArrows className="size-3.5 shrink-0" aria-hidden />
      <span className="truncate">{words(version, marked)}</span>
      {phase !== "failed" && <span className="shrink-0">· {phase === "saved" ? "saved" : "saving"}</span>}
      {lost && (
        <button type="button" onClick={swapLost} className="shrink-0 text-text underline underline-offset-4">
          Use the other side instead
        </button>
      )}
    </p>
  );
}

/** A strip above the code while the server does not have the draft and an attempt has failed. */
export function SaveFailure({ onRetry }: { onRetry: () => void }) {
  const save = useEditorStore((state) => state.save);
  if (save.phase !== "failed") return null;
  return (
    <p role="alert" className="flex shrink-0 items-center gap-2 border-line border-b bg-error-bg px-4 py-2 text-error">
      <CircleAlert className="size-4 shrink-0" aria-hidden />
      <span>Not saved yet, kept on this device. {save.message}</span>
      <button type="button" onClick={onRetry} className="shrink-0 underline underline-offset-4">
        Save now
      </button>
    </p>
  );
}

function words(version: number | null, marked: number): string {
  if (version === null) return "Not deployed yet";
  return marked === 0
    ? `Same as v${version}`
    : `${plural(marked, "file")} ${marked === 1 ? "differs" : "differ"} from v${version}`;
}
