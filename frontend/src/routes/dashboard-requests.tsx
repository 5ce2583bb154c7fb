/** The Requests tab: the list, and beside it (below it where there is no room) the chosen request with its logs. */
import { RequestLogs } from "@/features/logs/components/request-logs";
import { useChosenRequest } from "@/features/requests/api/requests";
import { RequestDetail } from "@/features/requests/components/request-detail";
import { RequestList, type RequestSearch } from "@/features/requests/components/request-list";
import type { App } from "@/lib/api/types";

interface Props {
  app: App;
  search: RequestSearch;
  onSearch: (change: RequestSearch) => void;
}

export function RequestsTab({ app, search, onSearch }: Props) {
  const chosen = useChosenRequest(app.id, search.request);
  return (
    <div className="flex h-full min-h-0 max-lg:flex-col">
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto px-3 pt-4 pb-10 sm:px-5">
        <RequestList app={app.id} url={app.url} search={search} onSearch={onSearch} />
      </div>
      {chosen && (
        <div className="shrink-0 overflow-y-auto border-line bg-surface max-lg:max-h-[55%] max-lg:border-t lg:w-[428px] lg:border-l">
          <RequestDetail record={chosen} onClose={() => onSearch({ request: undefined })}>
            <RequestLogs app={app.id} request={chosen.id} />
          </RequestDetail>
        </div>
      )}
    </div>
  );
}
