/** /apps/<name>: how the app is, what it answered, what it printed, and its settings. The open tab lives in the address. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CodeXml } from "lucide-react";
import { TopBar } from "@/components/top-bar";
import { buttonStyle } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { StatusPill } from "@/components/ui/status-pill";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { Address } from "@/features/apps/components/address";
import { PowerButton } from "@/features/apps/components/power-button";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { LogList } from "@/features/logs/components/log-list";
import { appQuery } from "@/lib/apps";
import type { DashboardSearch, DashboardTab } from "../router";
import { RequestsTab } from "./dashboard-requests";
import { SettingsTab } from "./dashboard-settings";
import { WakesTab } from "./dashboard-wakes";

const FROM = "/account/apps/$name";

export function DashboardScreen() {
  const { name } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: "/apps/$name" });
  const query = useQuery(appQuery(name));
  const app = query.data;
  const change = (next: DashboardSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
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
            <AccountMenu />
          </>
        }
      >
        {app ? <StatusPill status={app.status} /> : <span className="skeleton h-[22px] w-20 rounded-full" />}
        {app && app.version !== null && <Address url={app.url} className="max-md:hidden" />}
      </TopBar>
      {query.isError && !app ? (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <main className="flex min-h-0 flex-1 flex-col">
          <Tabs<DashboardTab>
            value={search.tab ?? "requests"}
            onChange={(tab) => void navigate({ search: tab === "requests" ? {} : { tab } })}
            className="flex min-h-0 flex-1 flex-col"
          >
            <TabList label="Sections" className="h-[42px] shrink-0 bg-surface px-2.5">
              <Tab value="requests">Requests</Tab>
              <Tab value="logs">Logs</Tab>
              <Tab value="wakes">Wakes</Tab>
              <Tab value="settings">Settings</Tab>
            </TabList>
            {app && app.version !== null && <Address url={app.url} className="mx-3 mt-3 h-10 bg-surface md:hidden" />}
            <TabPanel value="requests" className="min-h-0 flex-1">
              {app && <RequestsTab app={app} search={search} onSearch={change} />}
            </TabPanel>
            <TabPanel value="logs" className="min-h-0 flex-1 overflow-y-auto px-3 pt-4 pb-10 sm:px-5">
              {app && <LogList app={app.id} q={search.q} level={search.level} onSearch={change} />}
            </TabPanel>
            <TabPanel value="wakes" className="min-h-0 flex-1">
              {app && <WakesTab app={app.id} chosen={search.wake} onChoose={(wake) => change({ wake })} />}
            </TabPanel>
            <TabPanel value="settings" className="min-h-0 flex-1 overflow-y-auto px-3 pt-6 pb-10 sm:px-5">
              {app && <SettingsTab app={app} />}
            </TabPanel>
          </Tabs>
        </main>
      )}
    </>
  );
}
