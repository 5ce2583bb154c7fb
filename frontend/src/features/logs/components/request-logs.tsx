/** The lines that one request printed, oldest first; the log itself has the rest where there are very many. */
import { Link } from "@tanstack/react-router";
import type { RequestDetail } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { LogLines } from "./log-lines";

export function RequestLogs({ detail, app }: { detail: RequestDetail; app: string }) {
  const now = useNow(60_000);
  const first = detail.logs[0];
  return (
    <section aria-labelledby="its-logs">
      <h3 id="its-logs" className="mb-1 flex justify-between font-semibold text-sm">
        Its logs
        <span className="font-normal text-muted">
          {detail.logs.length > 0 ? plural(detail.logs.length, "line") : "nothing printed"}
        </span>
      </h3>
      {first && (
        <div className="-mx-3.5 max-sm:-mx-2.5">
          <LogLines label="Logs of this request" lines={detail.logs} now={now} />
        </div>
      )}
      {first && (
        <Link
          to="/apps/$name"
          params={{ name: app }}
          search={{ tab: "logs", at: first.time }}
          className="mt-1 inline-flex items-center text-muted text-sm underline underline-offset-4 hover:text-text pointer-coarse:min-h-11"
        >
          {detail.more_logs ? "It printed more; read on in the log" : "Read around it in the log"}
        </Link>
      )}
    </section>
  );
}
