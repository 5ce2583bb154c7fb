/** Apps that were deleted in the last day: each can be had back, under another name where its own is taken by now. */
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { ApiError, explain } from "@/lib/api/problem";
import type { DeletedApp } from "@/lib/api/types";
import { NAME_CHARS, nameProblem } from "@/lib/app-name";
import { ago, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { trashQuery, usePurgeApp, useRestoreApp } from "../api/trash";

export function TrashList() {
  const query = useQuery(trashQuery);
  const now = useNow(10_000);
  if (query.isPending) return <div className="skeleton h-[170px] rounded-lg" />;
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="rounded-lg border border-line bg-surface">
      {query.data.items.length === 0 ? (
        <EmptyNotice title="Nothing was deleted in the last day">
          An app that you delete waits here for 24 hours, in case you want it back.
        </EmptyNotice>
      ) : (
        <ul aria-label="Recently deleted">
          {query.data.items.map((app) => (
            <Row key={app.id} app={app} now={now} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ app, now }: { app: DeletedApp; now: number }) {
  const restore = useRestoreApp();
  const purge = usePurgeApp();
  const [forever, setForever] = useState(false);
  const taken = restore.error instanceof ApiError && restore.error.code === "name_taken";
  const left = Math.max(0, Date.parse(app.purge_at) - now);
  return (
    <li className="border-line border-t px-3.5 first:border-t-0">
      <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 py-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="truncate font-semibold text-lg tracking-[-0.01em]">{app.name}</p>
          <p className="tnum text-muted text-sm" title={utc(app.deleted_at)}>
            deleted {ago(app.deleted_at, now)}, kept for {hours(left)}
          </p>
        </div>
        <Button look="quiet" onClick={() => setForever(true)}>
          Delete for good
        </Button>
        <Button busy={restore.isPending} onClick={() => restore.mutate({ id: app.id, name: null })}>
          <Undo2 aria-hidden />
          Restore
        </Button>
      </div>
      {taken && <OtherName app={app} onName={(name) => restore.mutate({ id: app.id, name })} />}
      {restore.error && !taken && (
        <p role="alert" className="pb-3 text-error">
          {explain(restore.error)}
        </p>
      )}
      <ConfirmDialog
        open={forever}
        onClose={() => setForever(false)}
        title={`Delete ${app.name} for good?`}
        description="Its code, versions, requests and logs go now, and cannot be had back. Its database stays."
        name={app.name}
        action="Delete for good"
        onConfirm={() => purge.mutateAsync(app.id)}
      />
    </li>
  );
}

function OtherName({ app, onName }: { app: DeletedApp; onName: (name: string) => void }) {
  const [name, setName] = useState(`${app.name}-2`.slice(-NAME_CHARS));
  const wrong = nameProblem(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong && name) onName(name);
  };
  return (
    <form onSubmit={submit} className="flex items-start gap-2 pb-2">
      <Field
        label={`${app.name} is taken by now. Have it back as`}
        value={name}
        onChange={(event) => setName(event.target.value.toLowerCase())}
        error={wrong}
        autoComplete="off"
        spellCheck={false}
        className="w-72 max-w-full"
      />
      <Button type="submit" className="mt-[25px]" disabled={Boolean(wrong) || name === ""}>
        Restore as {name}
      </Button>
    </form>
  );
}

function hours(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes > 60 ? `${Math.ceil(minutes / 60)} h more` : `${minutes} min more`;
}
