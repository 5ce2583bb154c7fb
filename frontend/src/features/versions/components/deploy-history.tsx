/** The last deploys, also those that failed: who, when, how long each stage took, and why it ended. */
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { explain } from "@/lib/api/problem";
import type { Deploy } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ago, duration, ms, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { deploysQuery } from "../api/versions";

const COLOUR: Partial<Record<Deploy["status"], string>> = {
  succeeded: "text-running",
  failed: "text-error",
  running: "text-deploying",
};

export function DeployHistory({ app }: { app: string }) {
  const query = useQuery(deploysQuery(app));
  const now = useNow(10_000);
  return (
    <section aria-label="Deploys" className="border-line border-t py-2">
      <h2 className="px-4 py-1.5 font-semibold text-sm">Deploys</h2>
      {query.isPending && <div className="skeleton mx-4 h-20" aria-busy="true" />}
      {query.isError && <p className="px-4 text-error text-sm">{explain(query.error)}</p>}
      {query.data?.map((deploy) => (
        <details key={deploy.id} className="group px-2">
          <summary className="flex min-h-8 cursor-pointer list-none items-center gap-2 rounded-sm px-2 hover:bg-raised pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
            <ChevronRight className="size-3.5 shrink-0 text-faint group-open:rotate-90" aria-hidden />
            <span className={cn("shrink-0", COLOUR[deploy.status] ?? "text-muted")}>{deploy.status}</span>
            <span className="min-w-0 flex-1 truncate text-muted">
              {deploy.version === null ? "" : `v${deploy.version}, `}
              {deploy.by}
            </span>
            <time dateTime={deploy.created_at} title={utc(deploy.created_at)} className="shrink-0 text-muted text-sm">
              {ago(deploy.created_at, now)}
            </time>
          </summary>
          <DeployParts deploy={deploy} />
        </details>
      ))}
    </section>
  );
}

function DeployParts({ deploy }: { deploy: Deploy }) {
  const whole = deploy.finished_at ? Date.parse(deploy.finished_at) - Date.parse(deploy.created_at) : null;
  return (
    <dl className="mb-2 ml-7 grid grid-cols-[1fr_auto] gap-y-0.5 pr-2 text-sm">
      {deploy.stages.map((stage) => (
        <div key={stage.name} className="contents">
          <dt className="text-muted">{stage.name}</dt>
          <dd className="tnum font-mono text-xs">
            {typeof stage.ms === "number" ? `${ms(stage.ms)} ms` : stage.status}
          </dd>
        </div>
      ))}
      {whole !== null && (
        <>
          <dt>All of it</dt>
          <dd className="tnum font-mono text-xs">{duration(whole)}</dd>
        </>
      )}
      {deploy.findings.map((finding) => (
        <div
          key={`${finding.code} ${finding.file} ${finding.line} ${finding.message}`}
          className="col-span-2 break-words text-error"
        >
          {finding.file && `${finding.file}:${finding.line ?? ""} `}
          {finding.message}
        </div>
      ))}
    </dl>
  );
}
