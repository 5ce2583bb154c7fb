/** How much of an app's room the draft takes, and what is over before anybody tries to save it. */
import { CircleAlert } from "lucide-react";
import { useMemo } from "react";
import { cn } from "@/lib/cn";
import { kilobytes } from "@/lib/format";
import { MAX_FILES, MAX_TOTAL_BYTES, room } from "@/lib/paths";
import { useSettled } from "@/lib/use-settled";
import { useEditorStore } from "../store";

const REST_MS = 200;

export function RoomMeter() {
  const files = useSettled(
    useEditorStore((state) => state.files),
    REST_MS,
  );
  const { files: count, bytes, over } = useMemo(() => room(files), [files]);
  const share = Math.min(1, Math.max(count / MAX_FILES, bytes / MAX_TOTAL_BYTES));
  return (
    <div className="shrink-0 border-line border-t">
      {over && (
        <p role="alert" className="flex gap-2 bg-error-bg px-3.5 py-2 text-error text-sm">
          <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          {over}
        </p>
      )}
      <div className="h-0.5 bg-transparent" aria-hidden>
        {share > 0.8 && (
          <div className={cn("h-full", over ? "bg-error" : "bg-waking")} style={{ width: `${share * 100}%` }} />
        )}
      </div>
      <p className="tnum flex justify-between gap-2 px-3.5 py-2 text-muted text-xs">
        <span>
          {count} of {MAX_FILES} files
        </span>
        <span>
          {kilobytes(bytes)} of {MAX_TOTAL_BYTES / 1024} KB
        </span>
      </p>
    </div>
  );
}
