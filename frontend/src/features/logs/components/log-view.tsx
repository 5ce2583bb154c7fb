/** The Logs tab: what is looked for, and the log itself, followed while its end is in sight. */
import { LiveMark } from "@/components/live-mark";
import { TimeJump } from "@/components/time-jump";
import { ErrorNotice } from "@/components/ui/notice";
import { SearchBox } from "@/components/ui/search-box";
import { Select } from "@/components/ui/select";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import { LEVELS, type Level, readLevel } from "../model/levels";
import { useLog } from "../use-log";
import { LogFile } from "./log-file";
import { LogScroll } from "./log-scroll";
import { WrapSwitch } from "./wrap-switch";

export interface LogSearch {
  q?: string;
  level?: string;
  at?: string;
  cut?: true;
}

interface Props {
  app: App;
  search: LogSearch;
  onSearch: (change: LogSearch) => void;
}

const CHOICES = LEVELS.map((level) => ({ value: level, label: level === "debug" ? "All levels" : `${level} and up` }));

export function LogView({ app, search, onSearch }: Props) {
  const chosen = readLevel(search.level);
  const level: Level | undefined = chosen === "debug" ? undefined : chosen;
  const log = useLog({ app: app.id, q: search.q, level, at: search.at });
  const filter = { q: search.q, level };
  return (
    <div className="flex h-full min-h-0 flex-col px-3 pt-4 pb-3 sm:px-5">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search logs"
          placeholder="Search logs"
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q: q || undefined })}
          className="w-full sm:w-[300px] xl:w-[380px]"
        />
        <Select
          label="Level"
          value={chosen}
          options={CHOICES}
          onChange={(next) => onSearch({ level: next === "debug" ? undefined : next })}
          className="w-[142px] max-sm:w-[124px]"
        />
        <TimeJump value={search.at} onChange={(at) => onSearch({ at })} />
        <WrapSwitch cut={search.cut} onChange={(cut) => onSearch({ cut })} />
        <LogFile app={app} filter={filter} />
        <span className="ml-auto">
          <LiveMark state={search.at ? "past" : log.state} side="below" onShow={() => undefined} />
        </span>
      </div>
      {log.error !== null && log.shown.lines.length > 0 && (
        <p role="alert" className="mb-2 text-error text-sm">
          {explain(log.error)}
        </p>
      )}
      {log.error !== null && log.shown.lines.length === 0 ? (
        <ErrorNotice error={log.error} onRetry={log.retry} />
      ) : (
        <LogScroll
          key={`${search.q} ${level} ${search.at}`}
          app={app}
          log={log}
          search={search}
          onNow={() => onSearch({ at: undefined })}
        />
      )}
    </div>
  );
}
