/** The rail under the code: one bar and one name a stage, with its real milliseconds; below, what it means for visitors. */
import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Finding } from "@/lib/api/types";
import { useNow } from "@/lib/use-now";
import { meaning, over, type Progress } from "../model/progress";
import { RailFindings } from "./rail-findings";
import { RailStage } from "./rail-stage";

interface Props {
  progress: Progress;
  live: number | null;
  onClose: () => void;
  onShow: (finding: Finding) => void;
}

export function DeployRail({ progress, live, onClose, onShow }: Props) {
  const { deploy, since } = progress;
  const now = useNow(100, !over(deploy));
  const failed = deploy.status === "failed";
  return (
    <section aria-label="Deploy" className="shrink-0 border-line border-t bg-surface px-4 pt-3 pb-2.5">
      <ol aria-label="Deploy progress" className="flex gap-1">
        {deploy.stages.map((stage) => (
          <RailStage key={stage.name} stage={stage} version={deploy.version} since={since[stage.name]} now={now} />
        ))}
      </ol>
      <div className="mt-1 flex min-h-7 items-center gap-3">
        <p role="status" className={failed ? "text-error" : "text-muted"}>
          {failed ? "Deploy failed. " : ""}
          {meaning(deploy, live)}
          {deploy.status === "succeeded" && (
            <>
              {" at "}
              <a
                href={deploy.url}
                target="_blank"
                rel="noreferrer"
                className="font-mono text-sm text-text underline underline-offset-4"
              >
                {deploy.url}
              </a>
            </>
          )}
        </p>
        {over(deploy) && (
          <Button look="quiet" size="icon" className="ml-auto size-7" aria-label="Close the deploy" onClick={onClose}>
            <X aria-hidden />
          </Button>
        )}
      </div>
      {failed && <RailFindings deploy={deploy} onShow={onShow} />}
    </section>
  );
}
