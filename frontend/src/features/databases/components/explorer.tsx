/** A database looked into: what it holds, and beside the list of collections the one that is open. Nothing is changed here. */
import { useQuery } from "@tanstack/react-query";
import { Database as DatabaseIcon, Eye } from "lucide-react";
import type { ReactNode } from "react";
import { ErrorNotice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import type { Database, DatabaseDetail } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { collectionsQuery, databaseQuery } from "../api/databases";
import { bytes } from "../model/sizes";
import { type ExplorerSearch, NO_QUERY } from "../search";
import { CollectionView } from "./collection-view";
import { CollectionNav, CollectionTable } from "./collections";
import { FirstDocument } from "./first-document";

interface Props {
  /** Id or name of the one that is looked into. */
  database: string;
  /** Those that can be looked into instead. */
  choices: readonly Database[];
  search: ExplorerSearch;
  onSearch: (change: ExplorerSearch) => void;
  /** About the database: that an app is bound to it, where that is changed. */
  children?: ReactNode;
}

export function Explorer({ database, choices, search, onSearch, children }: Props) {
  const detail = useQuery(databaseQuery(database));
  const collections = useQuery(collectionsQuery(database));
  const open = (collection: string) => onSearch({ ...NO_QUERY, collection, view: undefined });
  const error = detail.error ?? collections.error;
  if (error && !(detail.data && collections.data))
    return (
      <ErrorNotice
        error={error}
        onRetry={() => {
          void detail.refetch();
          void collections.refetch();
        }}
      />
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b bg-surface px-3 py-2 sm:px-5">
        <Chooser
          database={detail.data?.name ?? database}
          choices={choices}
          onChoose={(db) => onSearch({ ...NO_QUERY, db, collection: undefined, view: undefined })}
        />
        {children}
        <Sizes detail={detail.data} />
        <span
          className="flex items-center gap-1.5 text-muted text-sm sm:ml-auto"
          title="Your apps' code changes documents"
        >
          <Eye className="size-3.5" aria-hidden />
          Read-only: documents are changed by code
        </span>
      </div>
      <div className="flex min-h-0 flex-1">
        {search.collection !== undefined && (
          <div className="w-[232px] shrink-0 overflow-y-auto border-line border-r bg-surface max-lg:hidden">
            <CollectionNav collections={collections.data ?? []} chosen={search.collection} onChoose={open} />
          </div>
        )}
        <div className="min-h-0 min-w-0 flex-1 overflow-y-auto px-3 pt-4 pb-10 sm:px-5">
          {search.collection !== undefined ? (
            <CollectionView
              key={`${database} ${search.collection}`}
              database={database}
              collection={search.collection}
              search={search}
              onSearch={onSearch}
            />
          ) : collections.isPending ? (
            <div className="skeleton h-44 rounded-lg" />
          ) : collections.data?.length === 0 ? (
            <FirstDocument title="Nothing in it yet" />
          ) : (
            <CollectionTable collections={collections.data ?? []} onChoose={open} />
          )}
        </div>
      </div>
    </div>
  );
}

function Chooser({
  database,
  choices,
  onChoose,
}: Pick<Props, "database" | "choices"> & { onChoose: (db: string) => void }) {
  const options = choices.map(({ name, label }) => ({ value: name, label: label ? `${name}, ${label}` : name }));
  const known = options.some(({ value }) => value === database);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <DatabaseIcon className="size-4 shrink-0 text-muted" aria-hidden />
      {known && options.length > 1 ? (
        <Select
          label="Database"
          value={database}
          options={options}
          onChange={onChoose}
          className="max-w-[280px] font-mono text-sm"
        />
      ) : (
        <span className="truncate py-1.5 font-medium font-mono text-sm">{database}</span>
      )}
    </span>
  );
}

function Sizes({ detail }: { detail: DatabaseDetail | undefined }) {
  if (!detail) return <span className="skeleton h-4 w-56" />;
  const { collections, objects, bytes: size, index_bytes } = detail;
  return (
    <span className="tnum text-muted text-sm">
      {plural(collections, "collection")}, {plural(objects, "document")}, {bytes(size)}, indexes {bytes(index_bytes)}
    </span>
  );
}
