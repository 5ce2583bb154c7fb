/** The Database tab: the database that the app is bound to, or another one of its owner's. Each step is one back. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ErrorNotice } from "@/components/ui/notice";
import { meQuery } from "@/features/auth/api/auth";
import { boundQuery } from "@/features/databases/api/databases";
import { Explorer } from "@/features/databases/components/explorer";
import { FirstDocument } from "@/features/databases/components/first-document";
import type { ExplorerSearch } from "@/features/databases/search";
import type { App } from "@/lib/api/types";
import { databasesQuery } from "@/lib/databases";

export function DatabaseTab({ app, search }: { app: App; search: ExplorerSearch }) {
  const navigate = useNavigate({ from: "/apps/$name" });
  const me = useQuery(meQuery).data;
  const owner = me && me.username !== app.owner ? app.owner : undefined;
  const bound = useQuery(boundQuery(app.id));
  const choices = useQuery({ ...databasesQuery(owner), enabled: me !== undefined });
  const database = search.db ?? bound.data ?? undefined;
  if (bound.isError && bound.data === undefined)
    return <ErrorNotice error={bound.error} onRetry={() => void bound.refetch()} />;
  if (database === undefined)
    return bound.isPending ? (
      <div className="skeleton m-5 h-44 rounded-lg" />
    ) : (
      <FirstDocument title="The app has no database yet; its first deploy brings one" />
    );
  return (
    <Explorer
      database={database}
      choices={choices.data ?? []}
      search={search}
      onSearch={(change) => void navigate({ search: (old) => ({ ...old, ...change }) })}
    >
      {database === bound.data ? (
        <span className="rounded-sm border border-line px-1.5 py-0.5 text-muted text-sm">
          bound to this app;{" "}
          <Link
            to="/apps/$name"
            params={{ name: app.name }}
            search={{ tab: "settings" }}
            className="underline underline-offset-2"
          >
            Settings
          </Link>
        </span>
      ) : (
        <span className="rounded-sm bg-waking-bg px-1.5 py-0.5 text-sm text-waking">
          not the one this app is bound to
        </span>
      )}
    </Explorer>
  );
}
