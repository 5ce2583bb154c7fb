/**
 * What went wrong: the exception, the line that raised it in the version that was deployed then, who called it, and a way to
 * that line in the editor for as long as the draft still has it.
 */
import { Link } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import type { RequestDetail, TraceFrame } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { useDraftFiles } from "../api/requests";
import { draftLine, failureOf, placeOf } from "../model/trace";

const CodeFrame = lazy(() => import("./code-frame"));

interface Props {
  app: { id: string; name: string };
  detail: RequestDetail;
}

export function Failure({ app, detail }: Props) {
  const [whole, setWhole] = useState(false);
  const traceback = detail.request.error ?? "";
  const frames = detail.frames.toReversed();
  const [raised, ...callers] = frames;
  const files = useDraftFiles(app.id, frames.length > 0).data;
  const { exception, words } = failureOf(traceback);
  return (
    <section aria-labelledby="went-wrong">
      <h3 id="went-wrong" className="mb-2 font-semibold text-sm">
        What went wrong
      </h3>
      <div className="overflow-hidden rounded-md border border-line">
        <p className="whitespace-pre-wrap break-words px-3 pt-2.5 font-mono text-error text-sm">
          <strong className="font-semibold">{exception}</strong> {words}
        </p>
        <div className="px-3 pt-1.5 pb-2.5">
          {raised ? <Place app={app.name} frame={raised} files={files} /> : null}
          {detail.note && <p className="mt-1 text-muted text-sm">{detail.note}</p>}
        </div>
        {raised && (raised.around ?? []).length > 0 && (
          <Suspense fallback={<div className="h-[145px] border-line border-t bg-bg" />}>
            <CodeFrame frame={raised} />
          </Suspense>
        )}
        {callers.length > 0 && (
          <ul className="border-line border-t px-3 py-2 text-muted">
            {callers.slice(0, 8).map((frame) => (
              <li key={`${frame.file}:${frame.line}:${frame.function}`}>
                called from <Place app={app.name} frame={frame} files={files} quiet />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Button look="quiet" size="small" className="mt-1.5 -ml-2" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? "Hide the traceback" : "Whole traceback"}
      </Button>
      {whole && (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          className="mt-1 overflow-x-auto rounded-md border border-line bg-bg px-3 py-2 text-sm leading-5"
        >
          {traceback}
        </pre>
      )}
    </section>
  );
}

interface PlaceProps {
  app: string;
  frame: TraceFrame;
  files: Readonly<Record<string, string>> | undefined;
  quiet?: boolean;
}

function Place({ app, frame, files, quiet }: PlaceProps) {
  const line = files ? draftLine(files, frame) : null;
  const words = placeOf(frame);
  if (line === null)
    return (
      <span className={cn(!quiet && "block")}>
        <span className="break-all">{words}</span>
        {files && !quiet && <span className="block text-muted text-sm">The draft no longer has this line.</span>}
      </span>
    );
  return (
    <Link
      to="/apps/$name/edit"
      params={{ name: app }}
      search={{ file: frame.file, line }}
      title={line === frame.line ? "Open in the editor" : `Open in the editor; it is line ${line} there now`}
      className="inline-flex items-center gap-1.5 rounded-sm text-text underline decoration-line-strong underline-offset-4 hover:decoration-current pointer-coarse:min-h-11"
    >
      <span className="break-all">{words}</span>
      <ArrowUpRight className="size-3.5 shrink-0 text-muted" aria-hidden />
    </Link>
  );
}
