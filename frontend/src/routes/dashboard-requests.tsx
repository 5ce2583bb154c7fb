/** The Requests tab: the list, and beside it (in its place where there is no room) the chosen request with its logs and wake. */
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { RequestLogs } from "@/features/logs/components/request-logs";
import { RequestDetail } from "@/features/requests/components/request-detail";
import { RequestList } from "@/features/requests/components/request-list";
import { full } from "@/features/requests/model/filter";
import { sendable } from "@/features/requests/model/headers";
import { WakeOfRequest } from "@/features/wakes/components/wake-of-request";
import type { App, RequestRecord } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { prefill } from "@/lib/prefill";
import type { RequestsSearch } from "./dashboard-search";

interface Props {
  app: App;
  search: RequestsSearch;
  onSearch: (change: RequestsSearch) => void;
}

export function RequestsTab({ app, search, onSearch }: Props) {
  const navigate = useNavigate();
  const close = useCallback(() => onSearch({ request: undefined }), [onSearch]);
  const sendAgain = (record: RequestRecord) => {
    prefill(app.id, { method: record.method, path: full(record), body: "", headers: sendable(record) });
    void navigate({ to: "/apps/$name/edit", params: { name: app.name }, search: { pane: "try" } });
  };
  return (
    <div className="flex h-full min-h-0">
      <div className={cn("min-h-0 min-w-0 flex-1", search.request && "max-lg:hidden")}>
        <RequestList app={app.id} url={app.version === null ? null : app.url} search={search} onSearch={onSearch} />
      </div>
      {search.request && (
        <div className="shrink-0 overflow-y-auto border-line bg-surface max-lg:w-full lg:w-[428px] lg:border-l">
          <RequestDetail app={app} id={search.request} onClose={close} onSendAgain={sendAgain}>
            {(detail) => (
              <>
                <RequestLogs detail={detail} app={app.name} />
                {detail.wake && <WakeOfRequest wake={detail.wake} app={app.name} />}
              </>
            )}
          </RequestDetail>
        </div>
      )}
    </div>
  );
}
