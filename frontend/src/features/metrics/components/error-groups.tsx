/** Failures grouped by where they were raised: how often, when last, and the way to the last request that failed so. */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import type { ErrorGroup } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { ago, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useErrorGroups, useResolveError } from "../api/metrics";

interface Props {
  app: string;
  /** A link to the last request that failed so. */
  requestLink: (request: string) => ReactNode;
}

export function ErrorGroups({ app, requestLink }: Props) {
  const query = useErrorGroups(app);
  const now = useNow(30_000);
  return (
    <section aria-labelledby="errors-title">
      <h2 id="errors-title" className="mb-2.5 font-semibold text-[15px]">
        Errors
      </h2>
      <div className="rounded-lg border border-line bg-surface">
        {query.isPending && <Lines />}
        {query.isError && !query.data && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.length === 0 && (
          <EmptyNotice title="No errors" className="py-8">
            What the app raises is gathered here by the line that raised it.
          </EmptyNotice>
        )}
        <ul>
          {query.data?.map((group) => (
            <Group key={group.fingerprint} app={app} group={group} now={now}>
              {group.request && requestLink(group.request)}
            </Group>
          ))}
        </ul>
      </div>
      {query.hasNextPage && (
        <Button className="mt-3" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          More errors
        </Button>
      )}
    </section>
  );
}

function Group({ app, group, now, children }: { app: string; group: ErrorGroup; now: number; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const resolve = useResolveError(app);
  return (
    <li className={cn("border-line border-t first:border-t-0", resolve.isPending && "opacity-55")}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-start gap-2 px-3.5 py-2.5 text-left outline-offset-[-2px] hover:bg-raised"
      >
        <ChevronRight className={cn("mt-0.5 size-4 shrink-0 text-faint", open && "rotate-90")} aria-hidden />
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 break-words font-mono text-sm">
            <span className="font-medium text-error">{group.kind}</span> {group.message}
          </span>
          <span className="mt-0.5 block truncate text-muted text-sm">{place(group)}</span>
        </span>
        <span className="shrink-0 text-right">
          <span className="tnum block font-medium">{group.count.toLocaleString("en-US")}</span>
          <time dateTime={group.last_seen} title={utc(group.last_seen)} className="block text-muted text-sm">
            {ago(group.last_seen, now)}
          </time>
        </span>
      </button>
      {open && (
        <div className="px-3.5 pb-3">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre tabIndex={0} className="max-h-72 overflow-auto rounded-md bg-bg px-3 py-2 text-sm leading-5">
            {group.traceback.trimEnd() || "No traceback was kept."}
          </pre>
          <div className="mt-2 flex flex-wrap items-center gap-2">
            {children}
            <Button busy={resolve.isPending} onClick={() => resolve.mutate(group)}>
              Resolved
            </Button>
            <span className="text-muted text-sm">
              First seen {ago(group.first_seen, now)}. A resolved error comes back when it is seen again.
            </span>
          </div>
          {resolve.isError && (
            <p role="alert" className="mt-2 text-error text-sm">
              {resolve.error.message}
            </p>
          )}
        </div>
      )}
    </li>
  );
}

function place({ file, line, function: name, version }: ErrorGroup): string {
  const where = file
    ? `${file}${line ? `, line ${line}` : ""}${name ? `, in ${name}` : ""}`
    : "outside the app's files";
  return version ? `${where}, v${version}` : where;
}

function Lines() {
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="skeleton h-4 w-2/3" />
      <div className="skeleton h-4 w-1/2" />
    </div>
  );
}
