/** The lines that one request printed, where they are among the latest ones; absent when there is none to show. */
import { plural } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useLogs } from "../api/logs";
import { LogLines } from "./log-lines";

export function RequestLogs({ app, request }: { app: string; request: string }) {
  const query = useLogs(app);
  const now = useNow(60_000);
  const lines = query.data?.filter((line) => line.request_id === request).toReversed() ?? [];
  if (lines.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 flex justify-between font-semibold text-sm">
        Its logs
        <span className="font-normal text-muted">{plural(lines.length, "line")}</span>
      </h3>
      <div className="-mx-3.5">
        <LogLines label="Logs of this request" lines={lines} now={now} />
      </div>
    </section>
  );
}
