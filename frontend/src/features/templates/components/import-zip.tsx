/** Brings a ZIP in: by its button, or dropped anywhere on the page, which then says so. */
import { Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";

interface Props {
  busy: boolean;
  disabled: boolean;
  onArchive: (archive: File) => void;
}

export function ImportZip({ busy, disabled, onArchive }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const over = useDrop(disabled ? undefined : onArchive);
  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".zip,application/zip"
        aria-label="ZIP to import"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const archive = event.target.files?.[0];
          event.target.value = "";
          if (archive) onArchive(archive);
        }}
      />
      <Button busy={busy} disabled={disabled} onClick={() => field.current?.click()}>
        {!busy && <Upload aria-hidden />}
        Import ZIP
      </Button>
      {over && (
        <div className="pointer-events-none fixed inset-3 z-50 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-bg/85">
          <p className="font-semibold text-xl">Drop the ZIP to make an app of it</p>
        </div>
      )}
    </>
  );
}

/** Whether files are held over the window; tells the first one that is dropped. */
function useDrop(onFile: ((file: File) => void) | undefined): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const holds = (event: DragEvent) => Boolean(event.dataTransfer?.types.includes("Files"));
    const onOver = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(latest.current !== undefined);
    };
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) latest.current?.(file);
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, []);
  return over;
}
