/** The chosen request: what it was, what it cost, and, when it failed, the traceback of the user's own code. */
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Method, StatusCode } from "@/components/ui/method";
import type { RequestRecord } from "@/lib/api/types";
import { duration, plural, utc } from "@/lib/format";
import { full } from "../model/filter";

interface Props {
  record: RequestRecord;
  onClose: () => void;
  children?: ReactNode;
}

export function RequestDetail({ record, onClose, children }: Props) {
  return (
    <aside aria-label="Request" className="flex flex-col gap-4 p-3.5">
      <div>
        <div className="flex items-center gap-2.5">
          <Method method={record.method} />
          <h2 className="min-w-0 flex-1 break-all font-medium font-mono text-lg tracking-normal">{full(record)}</h2>
          <Button look="quiet" size="icon" aria-label="Close the request" onClick={onClose}>
            <X aria-hidden />
          </Button>
        </div>
        <dl className="tnum mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
          <Fact name="Status">
            <StatusCode status={record.status} className="ml-0" />
          </Fact>
          <Fact name="Took">{duration(record.ms)}</Fact>
          {record.cold_start_ms !== null && <Fact name="Waited for the wake">{duration(record.cold_start_ms)}</Fact>}
          <Fact name="When">{utc(record.time)}</Fact>
          {record.version !== null && <Fact name="Version">v{record.version}</Fact>}
          <Fact name="Size">
            {plural(record.bytes_in, "byte")} in, {plural(record.bytes_out, "byte")} out
          </Fact>
          <Fact name="Id">
            <span className="break-all font-mono">{record.id}</span>
          </Fact>
        </dl>
      </div>
      {record.error && <Traceback text={record.error} />}
      {children}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Traceback({ text }: { text: string }) {
  const lines = text.trimEnd().split("\n");
  const what = lines.at(-1) ?? "";
  return (
    <section>
      <h3 className="mb-2 font-semibold text-sm">What went wrong</h3>
      <div className="overflow-hidden rounded-md border border-line">
        <p className="break-words px-3 py-2 font-medium font-mono text-error text-sm">{what}</p>
        {lines.length > 1 && (
          <pre className="overflow-x-auto border-line border-t bg-bg px-3 py-2 text-sm leading-5">
            {lines.slice(0, -1).join("\n")}
          </pre>
        )}
      </div>
    </section>
  );
}
