/** /databases: the account's databases; and /databases/<name>: one of them looked into, whether an app uses it or not. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { TopBar } from "@/components/top-bar";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { databaseQuery } from "@/features/databases/api/databases";
import { DatabaseList } from "@/features/databases/components/database-list";
import { Explorer } from "@/features/databases/components/explorer";
import { NewDatabase } from "@/features/databases/components/new-database";
import { ApiError } from "@/lib/api/problem";
import { databasesQuery } from "@/lib/databases";
import { NotFound } from "./root";

const LINK = "rounded-sm underline-offset-2 hover:underline";

export function DatabasesScreen() {
  return (
    <>
      <TopBar
        title="Databases"
        actions={
          <>
            <NewDatabase />
            <AccountMenu />
          </>
        }
      />
      <main className="min-h-0 flex-1 overflow-y-auto px-3 pt-6 pb-10 sm:px-5">
        <div className="mx-auto max-w-[1112px]">
          <DatabaseList
            databaseLink={({ name }) => (
              <Link
                to="/databases/$database"
                params={{ database: name }}
                className={`${LINK} font-medium font-mono text-sm`}
              >
                {name}
              </Link>
            )}
            appLink={(name) => (
              <Link
                to="/apps/$name"
                params={{ name }}
                search={{ tab: "database" }}
                className={`${LINK} flex h-6 min-w-6 items-center`}
              >
                {name}
              </Link>
            )}
          />
        </div>
      </main>
    </>
  );
}

export function DatabaseScreen() {
  const { database } = useParams({ from: "/account/databases/$database" });
  const search = useSearch({ from: "/account/databases/$database" });
  const navigate = useNavigate({ from: "/databases/$database" });
  const found = useQuery(databaseQuery(database));
  const choices = useQuery(databasesQuery());
  if (found.error instanceof ApiError && found.error.status === 404) return <NotFound />;
  return (
    <>
      <TopBar title="Databases" titleLink="/databases" actions={<AccountMenu />} />
      <main className="min-h-0 flex-1">
        <Explorer
          database={database}
          choices={choices.data ?? []}
          search={search}
          onSearch={({ db, ...change }) =>
            void navigate({
              params: { database: db ?? database },
              search: (old) => (db ? {} : { ...old, ...change }),
            })
          }
        />
      </main>
    </>
  );
}
