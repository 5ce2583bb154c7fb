/** The Logs tab: search on the server, levels here, newest first, kept across sleep. */
import { Button } from "@/components/ui/button";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { SearchBox } from "@/components/ui/search-box";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/use-now";
import { useLogs } from "../api/logs";
import { atLeast, LEVELS, readLevel } from "../levels";
import { LogLines } from "./log-lines";

interface Props {
  app: string;
  q: string | undefined;
  level: string | undefined;
  onSearch: (change: { q?: string; level?: string }) => void;
}

export function LogList({ app, q, level, onSearch }: Props) {
  const query = useLogs(app, q);
  const now = useNow(60_000);
  const wanted = readLevel(level);
  const lines = query.data?.filter((line) => atLeast(line.level, wanted)) ?? [];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search logs"
          placeholder="Search logs"
          value={q ?? ""}
          onChange={(next) => onSearch({ q: next || undefined })}
          className="w-full sm:w-[380px]"
        />
        <label className="flex items-center gap-2 text-muted">
          From
          <select
            aria-label="Level"
            value={wanted}
            onChange={(event) => onSearch({ level: event.target.value === "debug" ? undefined : event.target.value })}
            className="h-8 rounded-md border border-line-strong bg-surface px-2 text-text pointer-coarse:h-10"
          >
            {LEVELS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <span
          className={cn("ml-auto flex items-center gap-2 font-medium", query.isError ? "text-error" : "text-running")}
        >
          <span className="size-1.5 rounded-full bg-current" aria-hidden />
          {query.isError ? "Trying again" : "Live"}
        </span>
      </div>
      {query.isPending ? (
        <div className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-3.5">
          {["a", "b", "c", "d", "e", "f", "g", "h"].map((key) => (
            <div key={key} className="skeleton h-3.5" />
          ))}
        </div>
      ) : query.isError && !query.data ? (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="rounded-lg border border-line bg-surface py-2">
          {lines.length === 0 ? (
            <EmptyNotice title={q || level ? "No line matches" : "Nothing printed yet"}>
              {q || level ? "Try fewer words or a lower level." : "What the app prints or logs appears here by itself."}
            </EmptyNotice>
          ) : (
            <LogLines label="Logs" lines={lines} now={now} />
          )}
        </div>
      )}
      {query.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Older lines
          </Button>
        </div>
      )}
    </>
  );
}
