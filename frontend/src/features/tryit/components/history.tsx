/** What was sent from here before, newest first; closed until asked for. */
import { ChevronRight } from "lucide-react";
import { Method, StatusCode } from "@/components/ui/method";
import { ago, ms } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import type { Sent } from "../model/history";
import type { TryRequest } from "../model/request";
import { Entry } from "./entry";

export function History({ history, onPick }: { history: readonly Sent[]; onPick: (request: TryRequest) => void }) {
  const now = useNow(10_000);
  if (history.length === 0) return null;
  return (
    <details className="group/details shrink-0 border-line border-t py-1.5">
      <summary className="flex h-8 cursor-pointer list-none items-center gap-1.5 px-3.5 font-semibold text-sm outline-offset-[-2px] pointer-coarse:h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 text-faint group-open/details:rotate-90" aria-hidden />
        History <span className="tnum font-normal text-muted">{history.length}</span>
      </summary>
      <ul>
        {history.map((sent) => (
          <Entry key={sent.at} title={ago(new Date(sent.at).toISOString(), now)} onPick={() => onPick(sent.request)}>
            <Method method={sent.request.method} className="w-11 shrink-0" />
            <span className="min-w-0 flex-1 truncate font-mono text-sm">{sent.request.path}</span>
            <StatusCode status={sent.status} className="w-9 text-center" />
            <span className="tnum w-14 shrink-0 text-right font-mono text-muted text-xs">{ms(sent.ms)} ms</span>
          </Entry>
        ))}
      </ul>
    </details>
  );
}
