/** The documents that a query finds: the query, a page of them as trees or as a table, and the ways on. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Json } from "@/components/json-tree";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { ApiError } from "@/lib/api/problem";
import { cn } from "@/lib/cn";
import { columnsOf, exact } from "../model/extended";
import { type PastQuery, rememberQuery } from "../model/past";
import { complaint, withField } from "../model/query-text";
import { keepPage, pageCursor } from "../model/trail";
import { DEFAULT_SIZE, type ExplorerSearch, NO_QUERY } from "../search";
import type { DocumentsPage, Place } from "../use-documents";
import { DocumentsSkeleton, Found } from "./found";
import { Count, Pager } from "./pager";
import { QueryBar } from "./query-bar";

interface Props extends Place {
  page: DocumentsPage;
  onSearch: (change: ExplorerSearch) => void;
}

export function Documents({ database, collection, search, onSearch, page }: Props) {
  const { applied, asked, query, documents, key } = page;
  const [text, setText] = useState(applied);
  useEffect(() => setText(applied), [applied]);
  const latest = useRef(text);
  latest.current = text;
  const fields = useMemo(() => columnsOf(documents, 200).columns, [documents]);
  const ask = useCallback(
    (next: PastQuery) => {
      rememberQuery(database, collection, next);
      const said = (value: string) => (value.trim() === "" ? undefined : value);
      const [filter, projection, sort] = [said(next.filter), said(next.projection), said(next.sort)];
      onSearch({ ...NO_QUERY, filter, projection, sort });
    },
    [database, collection, onSearch],
  );
  const pick = useCallback(
    (field: string, value: Json) =>
      ask({ ...latest.current, filter: withField(latest.current.filter, field, exact(value)) }),
    [ask],
  );
  const number = search.page ?? 1;
  const goTo = (to: number) => {
    const next = query.data?.next;
    if (to === number + 1 && next) keepPage(key, to, next);
    onSearch({ page: to > 1 ? to : undefined, after: pageCursor(key, to) ?? undefined });
  };
  const refusal = query.error instanceof ApiError && query.error.status === 422 ? query.error.message : null;
  const located =
    refusal !== null &&
    (["filter", "projection", "sort"] as const).some((part) => complaint(refusal, part, applied[part]));
  return (
    <>
      <QueryBar
        database={database}
        collection={collection}
        text={text}
        fields={fields}
        busy={query.isFetching}
        refusal={refusal === null ? null : { detail: refusal, query: applied }}
        onText={setText}
        onFind={(next) => {
          if (JSON.stringify(next) === JSON.stringify(applied) && number === 1) void query.refetch();
          else ask(next);
        }}
      />
      <div className="mt-4">
        {query.isPending && asked !== null && <DocumentsSkeleton />}
        {(asked === null || located) && (
          <EmptyNotice title="The query was not run">Mend it above, then press Find.</EmptyNotice>
        )}
        {query.isError && !located && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && asked !== null && (
          <div className={cn(query.isPlaceholderData && "opacity-60")} aria-busy={query.isPlaceholderData}>
            <Pager
              page={number}
              size={search.size ?? DEFAULT_SIZE}
              shown={documents.length}
              busy={query.isPlaceholderData}
              hasNext={query.data.next !== null && query.data.next !== undefined && !query.isPlaceholderData}
              canGoBack={pageCursor(key, number - 1) !== undefined}
              onPage={goTo}
              onSize={(size) =>
                onSearch({ size: size === DEFAULT_SIZE ? undefined : size, page: undefined, after: undefined })
              }
            >
              <Count
                key={`${collection} ${asked.filter}`}
                {...{ database, collection }}
                filter={asked.filter}
                estimate={query.data.estimate}
              />
            </Pager>
            <div className="mt-3">
              <Found
                documents={documents}
                table={search.view === "table"}
                filtered={asked.filter !== undefined}
                onPick={pick}
              />
            </div>
          </div>
        )}
      </div>
    </>
  );
}
