/** The rail under the code: one bar and one name a stage, with its real milliseconds; below, what it means for visitors. */
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { Deploy, Finding } from "@/lib/api/types";
import { sentence } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { isCancelled, meaning, over, type Progress } from "../model/progress";
import { RailFindings } from "./rail-findings";
import { RailStage } from "./rail-stage";

interface Props {
  progress: Progress;
  live: number | null;
  /** It was not started from this page, so who did is worth a word. */
  elsewhere: boolean;
  cancelling: boolean;
  onCancel: () => void;
  onClose: () => void;
  onShow: (finding: Finding) => void;
}

/** How long a success stays on screen when nobody points at it. */
const SHOWN_MS = 20_000;
const CANCELLED_MS = 8_000;

export function DeployRail({ progress, live, elsewhere, cancelling, onCancel, onClose, onShow }: Props) {
  const { deploy, since } = progress;
  const now = useNow(100, !over(deploy));
  const cancelled = isCancelled(deploy);
  const failed = deploy.status === "failed" && !cancelled;
  const hold = useGoes(deploy, cancelled, onClose);
  return (
    <section aria-label="Deploy" className="shrink-0 border-line border-t bg-surface px-4 pt-3 pb-2.5" {...hold}>
      <ol aria-label="Deploy progress" className="flex gap-1">
        {deploy.stages.map((stage) => (
          <RailStage
            key={stage.name}
            stage={stage}
            version={deploy.version}
            since={since[stage.name]}
            now={now}
            cancelled={cancelled}
          />
        ))}
      </ol>
      <div className="mt-1 flex min-h-8 items-center gap-3 pointer-coarse:min-h-11">
        <p role="status" className={failed ? "min-w-0 text-error" : "min-w-0 text-muted"}>
          {failed && "Deploy failed. "}
          {cancelled && "Cancelled. "}
          {elsewhere && <span className="text-text">Started by {deploy.by}. </span>}
          {deploy.status === "succeeded" ? meaning(deploy, live) : sentence(meaning(deploy, live))}
          {deploy.status === "succeeded" && <Address url={deploy.url} />}
        </p>
        <span className="ml-auto" />
        {over(deploy) ? (
          <Button look="quiet" size="icon" aria-label="Close the deploy" onClick={onClose}>
            <X aria-hidden />
          </Button>
        ) : (
          <Button size="small" busy={cancelling || deploy.cancelled_by !== null} onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      {failed && <RailFindings deploy={deploy} onShow={onShow} />}
    </section>
  );
}

function Address({ url }: { url: string }) {
  return (
    <>
      {" at "}
      <a
        href={url}
        target="_blank"
        rel="noreferrer"
        className="break-all font-mono text-sm text-text underline underline-offset-4"
      >
        {url}
      </a>{" "}
      <CopyButton text={url} label="Copy the address" className="align-middle" />
    </>
  );
}

/** Closes what ended well after a while; pointing at it or having the focus in it keeps it. */
function useGoes(deploy: Deploy, cancelled: boolean, onClose: () => void) {
  const [held, setHeld] = useState(false);
  const ref = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const after = deploy.status === "succeeded" ? SHOWN_MS : cancelled ? CANCELLED_MS : null;
  useEffect(() => {
    // A button that had the focus and was taken away does not tell that it lost it.
    if (after !== null) setHeld(ref.current?.matches(":hover, :focus-within") ?? false);
  }, [after]);
  useEffect(() => {
    if (after === null || held) return;
    const timer = setTimeout(() => close.current(), after);
    return () => clearTimeout(timer);
  }, [after, held]);
  return {
    ref,
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  };
}
