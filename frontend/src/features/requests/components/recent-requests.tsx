/** The last few requests, beside the code: enough to see that one came and how it went. */
import { Method, StatusCode } from "@/components/ui/method";
import { explain } from "@/lib/api/problem";
import { ms, utc } from "@/lib/format";
import { useRequests } from "../api/requests";
import { full } from "../model/filter";
import { ColdStart } from "./cold-start";

const SHOWN = 8;

export function RecentRequests({ app, deployed }: { app: string; deployed: boolean }) {
  const query = useRequests(deployed ? app : "", SHOWN);
  const records = query.data?.slice(0, SHOWN) ?? [];
  if (!deployed) return null;
  return (
    <section aria-label="Recent requests" className="shrink-0 border-line border-t py-2">
      <h3 className="px-3.5 py-1 font-semibold text-sm">Recent requests</h3>
      {query.isPending && <div className="skeleton mx-3.5 my-1 h-24" />}
      {query.isError && <p className="px-3.5 py-1 text-error text-sm">{explain(query.error)}</p>}
      {query.data && records.length === 0 && <p className="px-3.5 py-1 text-muted">None yet. Send one.</p>}
      <ul>
        {records.map((record) => (
          <li key={record.id} title={utc(record.time)} className="row-enter flex h-[29px] items-center gap-2 px-3.5">
            <Method method={record.method} className="w-10 shrink-0" />
            <span className="min-w-0 flex-1 truncate font-mono text-sm">{full(record)}</span>
            <ColdStart ms={record.cold_start_ms} />
            <StatusCode status={record.status} className="w-9 text-center" />
            <span className="tnum w-12 shrink-0 text-right font-mono text-muted text-xs">{ms(record.ms)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
