/** One entry of the audit log whole. Of what was sent only the fields' names are kept, never their values. */
import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Drawer } from "@/components/ui/drawer";
import { utc } from "@/lib/format";
import type { AuditEntry } from "../api/audit";
import { operationWords } from "../model/audit";
import { Outcome, who } from "./audit-row";

export function AuditDetail({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  return (
    <Drawer open={Boolean(entry)} onClose={onClose} title={entry ? operationWords(entry.operation) : ""}>
      {entry && <Facts entry={entry} />}
    </Drawer>
  );
}

function Facts({ entry }: { entry: AuditEntry }) {
  const mono = (text: string) => <code className="break-all">{text}</code>;
  const facts: [name: string, value: ReactNode][] = [
    ["When", utc(entry.time)],
    ["Who", `${who(entry)}${entry.credential ? `, by ${entry.credential}` : ""}`],
    ["From", entry.address && mono(entry.address)],
    ["Outcome", <Outcome key="outcome" status={entry.status} />],
    ["Answer", entry.status === null ? "none" : entry.status],
    ["App", entry.app_name || (entry.app && mono(entry.app))],
    [entry.target_kind || "About", entry.target && <Target entry={entry} />],
    ["Fields", entry.what.length > 0 && entry.what.join(", ")],
    ["Route", entry.route && mono(`${entry.method} ${entry.route}`)],
    ["Request", entry.request_id && <Copied text={entry.request_id} />],
  ];
  return (
    <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-x-4 gap-y-3 p-4">
      {facts
        .filter(([, value]) => value || value === 0)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted first-letter:uppercase">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Target({ entry }: { entry: AuditEntry }) {
  return (
    <>
      {entry.target_name && <span className="mr-2">{entry.target_name}</span>}
      <Copied text={entry.target} />
    </>
  );
}

function Copied({ text }: { text: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="break-all text-muted text-sm">{text}</code>
      <CopyButton text={text} label="Copy the id" className="-my-3" />
    </span>
  );
}
