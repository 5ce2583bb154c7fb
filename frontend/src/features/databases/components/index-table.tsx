/** The indexes of a collection: which fields, in which direction, and what else they do. */
import { useQuery } from "@tanstack/react-query";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { CELL, HEAD, RecordTable } from "@/components/ui/record-table";
import type { CollectionIndex } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { indexesQuery } from "../api/databases";
import { bytes, lifetime } from "../model/sizes";

export function IndexTable({ database, collection }: { database: string; collection: string }) {
  const query = useQuery(indexesQuery(database, collection));
  if (query.isPending) return <div className="skeleton h-32 rounded-lg" />;
  if (query.isError && !query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) return <EmptyNotice title="A view has no indexes of its own" />;
  return (
    <RecordTable
      label="Indexes"
      head={
        <>
          <th className={cn(HEAD, "w-[34%] max-sm:hidden")}>Name</th>
          <th className={HEAD}>Fields</th>
          <th className={cn(HEAD, "w-[28%]")}>Kind</th>
          <th className={cn(HEAD, "w-[84px] text-right")}>Size</th>
        </>
      }
    >
      {query.data.map((index) => (
        <tr key={index.name} className="border-line border-t">
          <td className={cn(CELL, "truncate font-mono text-sm max-sm:hidden")} title={index.name}>
            {index.name}
          </td>
          <td className={cn(CELL, "break-words font-mono text-sm")}>
            {index.keys.map(([field, way]) => `${String(field)} ${arrow(way)}`).join(", ")}
          </td>
          <td className={cn(CELL, "text-muted text-sm")}>{kind(index)}</td>
          <td className={cn(CELL, "tnum text-right font-mono text-sm")}>{bytes(index.bytes)}</td>
        </tr>
      ))}
    </RecordTable>
  );
}

const arrow = (way: unknown) => (way === 1 ? "↑" : way === -1 ? "↓" : String(way));

function kind({ unique, sparse, partial, ttl_seconds }: Omit<CollectionIndex, "keys">): string {
  const words = [
    unique && "unique",
    sparse && "sparse",
    partial && "partial",
    ttl_seconds !== null && `removes after ${lifetime(ttl_seconds)}`,
  ];
  return words.filter(Boolean).join(", ") || "—";
}
