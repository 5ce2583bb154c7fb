/** /apps/<name>: how the app is, what it answered, what it printed, and its settings. The open tab lives in the address. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CodeXml } from "lucide-react";
import { lazy, Suspense, useCallback } from "react";
import { TopBar } from "@/components/top-bar";
import { buttonStyle } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { StatusPill } from "@/components/ui/status-pill";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { Address } from "@/features/apps/components/address";
import { PowerButton } from "@/features/apps/components/power-button";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { LogView } from "@/features/logs/components/log-view";
import { ApiError } from "@/lib/api/problem";
import { appQuery } from "@/lib/apps";
import { RequestsTab } from "./dashboard-requests";
import type { DashboardSearch, DashboardTab } from "./dashboard-search";
import { WakesTab } from "./dashboard-wakes";
import { NotFound } from "./root";

const DatabaseTab = lazy(async () => ({ default: (await import("./dashboard-database")).DatabaseTab }));
const VersionsTab = lazy(async () => ({ default: (await import("./dashboard-versions")).VersionsTab }));
const SettingsTab = lazy(async () => ({ default: (await import("./dashboard-settings")).SettingsTab }));
const MetricsTab = lazy(async () => ({ default: (await import("./dashboard-metrics")).MetricsTab }));

const FROM = "/account/apps/$name";

export function DashboardScreen() {
  const { name } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: "/apps/$name" });
  const query = useQuery(appQuery(name));
  const app = query.data;
  const change = useCallback(
    (next: DashboardSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true }),
    [navigate],
  );
  const chooseWake = useCallback((wake: string | undefined) => change({ wake }), [change]);
  if (query.error instanceof ApiError && query.error.status === 404) return <NotFound />;
  return (
    <>
      <TopBar
        app={name}
        actions={
          <>
            {app && <PowerButton app={app} />}
            <Link to="/apps/$name/edit" params={{ name }} className={buttonStyle()}>
              <CodeXml aria-hidden />
              <span className="max-sm:sr-only">Edit code</span>
            </Link>
            <span className="max-sm:hidden">
              <AccountMenu />
            </span>
          </>
        }
      >
        {app ? <StatusPill status={app.status} /> : <span className="skeleton h-[22px] w-20 rounded-full" />}
        {app && app.version !== null && <Address url={app.url} className="min-w-40 max-md:hidden" />}
      </TopBar>
      {query.isError && !app ? (
        <main>
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        </main>
      ) : (
        <main className="flex min-h-0 flex-1 flex-col">
          <Tabs<DashboardTab>
            value={search.tab ?? "requests"}
            onChange={(tab) => void navigate({ search: tab === "requests" ? {} : { tab } })}
            className="flex min-h-0 flex-1 flex-col"
          >
            <TabList
              label="Sections"
              className="h-[42px] shrink-0 overflow-x-auto overflow-y-hidden bg-surface px-2.5 max-sm:px-1"
            >
              <Tab value="requests">Requests</Tab>
              <Tab value="logs">Logs</Tab>
              <Tab value="wakes">Wakes</Tab>
              <Tab value="database">Database</Tab>
              <Tab value="metrics">Metrics</Tab>
              <Tab value="versions">Versions</Tab>
              <Tab value="settings">Settings</Tab>
            </TabList>
            {app && app.version !== null && !search.tab && !search.request && (
              <Address url={app.url} className="mx-3 mt-3 h-11 bg-surface md:hidden" />
            )}
            <TabPanel value="requests" className="min-h-0 flex-1">
              {app && <RequestsTab app={app} search={search} onSearch={change} />}
            </TabPanel>
            <TabPanel value="logs" className="min-h-0 flex-1">
              {app && <LogView app={app} search={search} onSearch={change} />}
            </TabPanel>
            <TabPanel value="wakes" className="min-h-0 flex-1">
              {app && <WakesTab app={app.id} chosen={search.wake} onChoose={chooseWake} />}
            </TabPanel>
            <TabPanel value="database" className="min-h-0 flex-1">
              <Suspense>{app && <DatabaseTab app={app} search={search} />}</Suspense>
            </TabPanel>
            <TabPanel value="metrics" className="min-h-0 flex-1 overflow-y-auto px-3 pt-4 pb-10 sm:px-5">
              <Suspense>{app && <MetricsTab app={app} search={search} onSearch={change} />}</Suspense>
            </TabPanel>
            <TabPanel value="versions" className="min-h-0 flex-1">
              <Suspense>{app && <VersionsTab app={app} search={search} onSearch={change} />}</Suspense>
            </TabPanel>
            <TabPanel value="settings" className="min-h-0 flex-1 overflow-y-auto px-3 pt-6 pb-10 sm:px-5">
              <Suspense>{app && <SettingsTab app={app} />}</Suspense>
            </TabPanel>
          </Tabs>
        </main>
      )}
    </>
  );
}
