/** The chosen request: what it was and cost, why it failed, what can be done with it; its logs and its wake come from outside. */
import { ArrowLeft, RotateCcw, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Method, StatusCode } from "@/components/ui/method";
import { ErrorNotice } from "@/components/ui/notice";
import type { App, RequestDetail as Detail, RequestRecord } from "@/lib/api/types";
import { asCurl } from "@/lib/curl";
import { clock, duration, ms, plural, reason, utc } from "@/lib/format";
import { useRequest } from "../api/requests";
import { full } from "../model/filter";
import { sendable } from "../model/headers";
import { ColdStart } from "./cold-start";
import { Failure } from "./failure";
import { RecordedHeaders } from "./recorded-headers";

interface Props {
  app: App;
  id: string;
  onClose: () => void;
  onSendAgain: (record: RequestRecord) => void;
  children: (detail: Detail) => ReactNode;
}

export function RequestDetail({ app, id, onClose, onSendAgain, children }: Props) {
  const query = useRequest(app.id, id);
  const panel = useRef<HTMLElement>(null);
  // On a narrow screen the sheet takes the list's place, so the focus goes with it.
  useEffect(() => {
    if (window.matchMedia("(max-width: 1023px)").matches) panel.current?.focus();
  }, []);
  return (
    <aside ref={panel} tabIndex={-1} aria-label="Request" className="flex flex-col gap-4 p-3.5 outline-none">
      <Button look="quiet" className="-ml-2 self-start lg:hidden" onClick={onClose}>
        <ArrowLeft aria-hidden />
        Back
      </Button>
      {query.data ? (
        <>
          <Head record={query.data.request} onClose={onClose} />
          {query.data.request.error && <Failure app={app} detail={query.data} />}
          <Actions app={app} record={query.data.request} onSendAgain={onSendAgain} />
          {children(query.data)}
          {query.data.request.headers && <RecordedHeaders headers={query.data.request.headers} />}
          <Facts record={query.data.request} />
        </>
      ) : query.isError ? (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div aria-busy="true" className="flex flex-col gap-3">
          <div className="skeleton h-5 w-48" />
          <div className="skeleton h-4 w-64" />
          <div className="skeleton mt-3 h-36" />
        </div>
      )}
    </aside>
  );
}

function Head({ record, onClose }: { record: RequestRecord; onClose: () => void }) {
  return (
    <div>
      <div className="flex items-start gap-2.5">
        <Method method={record.method} className="leading-6" />
        <h2
          title={full(record)}
          className="line-clamp-4 min-w-0 flex-1 break-all font-medium font-mono text-[15px] leading-6 tracking-normal"
        >
          {full(record)}
        </h2>
        <Button
          look="quiet"
          size="icon"
          className="-my-1 max-lg:hidden"
          aria-label="Close the request"
          title="Close (Esc)"
          onClick={onClose}
        >
          <X aria-hidden />
        </Button>
      </div>
      <p className="tnum mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        <StatusCode status={record.status} className="ml-0" />
        <span className="sr-only">{reason(record.status)}</span>
        <span>{ms(record.ms)} ms</span>
        <ColdStart ms={record.cold_start_ms} />
        {record.version !== null && <span>version {record.version}</span>}
        <time dateTime={record.time} title={utc(record.time)}>
          {clock(record.time, Date.now())}
        </time>
        {record.htmx && <span title="The answer is a part of a page">sent by HTMX</span>}
      </p>
    </div>
  );
}

function Actions({ app, record, onSendAgain }: Pick<Props, "app" | "onSendAgain"> & { record: RequestRecord }) {
  const lost = record.bytes_in > 0;
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onSendAgain(record)} title="Opens the editor's test panel with this request in it">
          <RotateCcw aria-hidden />
          Send again
        </Button>
        <CopyButton
          text={asCurl({ method: record.method, path: full(record), headers: sendable(record) }, app.url)}
          label="Copy as curl"
          className="h-8 border border-line-strong px-3 text-base text-text pointer-coarse:h-11 [&_svg]:size-4"
        >
          Copy as curl
        </CopyButton>
      </div>
      {lost && (
        <p className="mt-1.5 text-muted text-sm">
          Its body ({plural(record.bytes_in, "byte")}) was not recorded; both begin without it.
        </p>
      )}
    </div>
  );
}

function Facts({ record }: { record: RequestRecord }) {
  return (
    <section aria-labelledby="recorded">
      <h3 id="recorded" className="mb-2 font-semibold text-sm">
        Recorded
      </h3>
      <dl className="tnum grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        <Fact name="Time">{utc(record.time)}</Fact>
        <Fact name="Took">
          {duration(record.ms)}
          {record.cold_start_ms !== null && `, after ${duration(record.cold_start_ms)} held for the wake`}
        </Fact>
        <Fact name="Size">
          {plural(record.bytes_in, "byte")} in, {plural(record.bytes_out, "byte")} out
        </Fact>
        {record.client && <Fact name="Client">{record.client}</Fact>}
        {record.kind !== "http" && <Fact name="Kind">{record.kind}</Fact>}
        <Fact name="Id">
          <span className="flex items-center gap-1">
            <span className="break-all font-mono">{record.id}</span>
            <CopyButton text={record.id} label="Copy the id" />
          </span>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
