/** /admin/apps: everybody's apps, as the fleet that their owners see, each with its owner; found by either name. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyNotice } from "@/components/ui/notice";
import { SearchBox } from "@/components/ui/search-box";
import { Fleet } from "@/features/apps/components/fleet";

export function AdminApps() {
  const { status = "all", q = "", sort = "last_request" } = useSearch({ from: "/account/admin/$section" });
  const navigate = useNavigate({ from: "/admin/$section" });
  return (
    <Fleet
      filter={status}
      words={q}
      sort={sort}
      me=""
      onFilter={(next) => void navigate({ search: (old) => ({ ...old, status: next === "all" ? undefined : next }) })}
      onSort={(next) =>
        void navigate({ search: (old) => ({ ...old, sort: next === "last_request" ? undefined : next }) })
      }
      onClear={() => void navigate({ search: {} })}
      onGo={(app, where) =>
        void navigate({
          to: where === "edit" ? "/apps/$name/edit" : "/apps/$name",
          params: { name: app.name },
          search: {},
        })
      }
      empty={
        <main className="min-h-0 flex-1">
          <EmptyNotice title="Nobody has an app yet">Every app of every user will be here.</EmptyNotice>
        </main>
      }
    >
      <SearchBox
        label="Find apps"
        placeholder="Name of an app or an owner"
        value={q}
        onChange={(words) => void navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true })}
        className="mt-4 max-w-[340px]"
      />
    </Fleet>
  );
}
