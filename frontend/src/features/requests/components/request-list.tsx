/** The Requests tab: words and switches that filter, the table, more of it, and its three other states. */
import { CircleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { SunIcon } from "@/components/ui/mark";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { SearchBox } from "@/components/ui/search-box";
import type { RequestRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { LIST_PAGE, useRequests } from "../api/requests";
import { parseFilter } from "../model/filter";
import { RequestsSkeleton, RequestTable } from "./request-table";

export interface RequestSearch {
  q?: string;
  cold?: true;
  errors?: true;
  request?: string;
}

interface Props {
  app: string;
  url: string;
  search: RequestSearch;
  onSearch: (change: RequestSearch) => void;
}

export function RequestList({ app, url, search, onSearch }: Props) {
  const query = useRequests(app, LIST_PAGE);
  const filter = parseFilter(search.q ?? "", search);
  const shown = query.data?.filter(filter.matches) ?? [];
  const filtered = Boolean(search.q || search.cold || search.errors);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox
          label="Filter requests"
          placeholder="status:>=400 path:/notes*"
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q: q || undefined })}
          className="w-full sm:w-[380px] [&_input]:font-mono"
        />
        <Switch on={search.cold} onChange={(cold) => onSearch({ cold })}>
          <SunIcon />
          Cold starts
        </Switch>
        <Switch on={search.errors} onChange={(errors) => onSearch({ errors })}>
          <CircleAlert aria-hidden />
          Errors
        </Switch>
        <span
          className={cn("ml-auto flex items-center gap-2 font-medium", query.isError ? "text-error" : "text-running")}
        >
          <span className="size-1.5 rounded-full bg-current" aria-hidden />
          {query.isError ? "Trying again" : "Live"}
        </span>
      </div>
      {filter.unknown.length > 0 && (
        <p role="status" className="mb-3 text-error text-sm">
          Not understood: {filter.unknown.join(" ")}. Use status: method: path: ms: or plain words.
        </p>
      )}
      <Body {...{ query, shown, filtered, url, search, onSearch }} />
    </>
  );
}

interface BodyProps extends Omit<Props, "app"> {
  query: ReturnType<typeof useRequests>;
  shown: RequestRecord[];
  filtered: boolean;
}

function Body({ query, shown, filtered, url, search, onSearch }: BodyProps) {
  if (query.isPending) return <RequestsSkeleton />;
  if (query.isError && !query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (shown.length === 0)
    return (
      <div className="rounded-lg border border-line bg-surface">
        {filtered ? (
          <EmptyNotice title="No request matches">
            <Button className="mt-2" onClick={() => onSearch({ q: undefined, cold: undefined, errors: undefined })}>
              Show all
            </Button>
          </EmptyNotice>
        ) : (
          <EmptyNotice title="No requests yet">
            The first one appears here by itself. Try{" "}
            <code className="break-all rounded-sm bg-raised px-1.5 py-0.5 text-sm text-text">curl {url}</code>
          </EmptyNotice>
        )}
      </div>
    );
  return (
    <>
      <RequestTable records={shown} selected={search.request} onSelect={(request) => onSearch({ request })} />
      {query.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Older requests
          </Button>
        </div>
      )}
    </>
  );
}

function Switch({
  on,
  onChange,
  children,
}: {
  on?: true;
  onChange: (on: true | undefined) => void;
  children: React.ReactNode;
}) {
  return (
    <Button
      aria-pressed={on === true}
      className={cn("font-medium", on ? "border-accent" : "text-muted")}
      onClick={() => onChange(on ? undefined : true)}
    >
      {children}
    </Button>
  );
}
