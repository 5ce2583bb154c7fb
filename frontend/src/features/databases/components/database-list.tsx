/** The account's databases: what is in each, which apps use it; more can be made, one that no app uses can go by its name. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { CELL, HEAD, RecordTable } from "@/components/ui/record-table";
import type { Database } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { databasesQuery } from "@/lib/databases";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toasts";
import { databaseQuery, useDropDatabase } from "../api/databases";
import { bytes } from "../model/sizes";

interface Props {
  databaseLink: (database: Database) => ReactNode;
  appLink: (name: string) => ReactNode;
}

export function DatabaseList({ databaseLink, appLink }: Props) {
  const list = useQuery(databasesQuery());
  const details = useQueries({
    queries: (list.data ?? []).map(({ id }) => ({ ...databaseQuery(id), staleTime: 10_000 })),
  });
  const [going, setGoing] = useState<Database | null>(null);
  const drop = useDropDatabase();
  if (list.isPending) return <div className="skeleton h-44 rounded-lg" />;
  if (list.isError && !list.data) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.length === 0)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <EmptyNotice title="No databases yet">Your first app brings one along when it is deployed.</EmptyNotice>
      </div>
    );
  return (
    <>
      <RecordTable label="Databases" head={<Head />}>
        {list.data.map((database, index) => (
          <tr key={database.id} className="border-line border-t">
            <td className={cn(CELL, "h-14")}>
              <div className="truncate">{databaseLink(database)}</div>
              <div className="truncate text-muted text-sm">
                {words(database)}
                {database.apps.length > 0 && (
                  <span className="sm:hidden" title={database.apps.join(", ")}>
                    {words(database) && ", "}
                    {plural(database.apps.length, "app")}
                  </span>
                )}
              </div>
            </td>
            <td className={cn(CELL, "py-2 max-sm:hidden")}>
              {database.apps.length === 0 && <span className="text-muted">none</span>}
              <div className="flex max-h-24 flex-wrap gap-x-2 overflow-y-auto">
                {database.apps.map((name) => (
                  <span key={name} className="flex h-6 max-w-full items-center">
                    {appLink(name)}
                  </span>
                ))}
              </div>
            </td>
            <td className={cn(CELL, "tnum text-right font-mono text-sm max-sm:hidden")}>
              {details[index]?.data?.objects.toLocaleString("en-US") ?? "—"}
            </td>
            <td className={cn(CELL, "tnum text-right font-mono text-sm")}>
              {details[index]?.data ? bytes(details[index].data.bytes) : "—"}
            </td>
            <td className={cn(CELL, "text-right")}>
              <Button
                look="quiet"
                size="icon"
                aria-label={`Drop ${database.name}`}
                title="Drop"
                onClick={() => setGoing(database)}
              >
                <Trash2 aria-hidden />
              </Button>
            </td>
          </tr>
        ))}
      </RecordTable>
      {going && (
        <ConfirmDialog
          open
          onClose={() => setGoing(null)}
          title={`Drop ${going.name}`}
          description="The database goes with all its documents and indexes, and cannot be had back. A database that an app is bound to stays until the app has another one."
          action="Drop database"
          name={going.name}
          onConfirm={async () => {
            await drop.mutateAsync(going);
            toast(`${going.name} is gone`);
          }}
        />
      )}
    </>
  );
}

function words({ label, default: first, deleting }: Database): string {
  if (deleting) return "being deleted";
  return [label, first && "default of new apps"].filter(Boolean).join(", ");
}

function Head() {
  return (
    <>
      <th className={HEAD}>Database</th>
      <th className={cn(HEAD, "w-[46%] max-sm:hidden")}>Apps</th>
      <th className={cn(HEAD, "w-[110px] text-right max-sm:hidden")}>Documents</th>
      <th className={cn(HEAD, "w-[84px] text-right")}>Size</th>
      <th className={cn(HEAD, "w-[52px]")}>
        <span className="sr-only">Drop</span>
      </th>
    </>
  );
}
