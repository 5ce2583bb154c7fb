/** Where the account is logged in, this page's own log-in first among them; each other one can be ended. */
import { useQuery } from "@tanstack/react-query";
import { Globe, Terminal } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { explain } from "@/lib/api/problem";
import { ago, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { sessionsQuery, useEndOtherSessions, useEndSession } from "../api/account";
import { clientName } from "../model/client";

export function Sessions() {
  const query = useQuery(sessionsQuery);
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const now = useNow(30_000);
  const items = [...(query.data ?? [])].sort((a, b) => Number(b.current) - Number(a.current));
  const error = end.error ?? endOthers.error;
  return (
    <>
      {query.isPending && <div className="skeleton h-24" aria-busy="true" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      <ul
        aria-label="Log-ins"
        className="divide-y divide-line rounded-lg border border-line bg-surface px-3.5 empty:hidden"
      >
        {items.map((one) => (
          <li
            key={one.id}
            className="flex min-h-14 items-center gap-3 py-1.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint"
          >
            {one.kind === "browser" ? <Globe aria-hidden /> : <Terminal aria-hidden />}
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium" title={one.client}>
                {clientName(one.client, one.kind)}
              </p>
              <p className="text-muted text-sm">
                {one.current ? "this one" : one.last_used_at ? `used ${ago(one.last_used_at, now)}` : "not used since"}
                {one.last_used_from && `, from ${one.last_used_from}`}
                <span title={utc(one.created_at)}>{`, since ${ago(one.created_at, now)}`}</span>
              </p>
            </div>
            {!one.current && (
              <Button
                size="small"
                onClick={() => end.mutate(one.id)}
                busy={end.isPending && end.variables === one.id}
                aria-label={`End the log-in of ${clientName(one.client, one.kind)}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error && (
        <p role="alert" className="mt-2 text-error">
          {explain(error)}
        </p>
      )}
      {items.some((one) => !one.current) && (
        <Button className="mt-3" busy={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
          End all others
        </Button>
      )}
    </>
  );
}
