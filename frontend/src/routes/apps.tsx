/** /: the fleet, or, while there is none, the start of it. What is searched, narrowed and sorted lives in the address. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { TopBar } from "@/components/top-bar";
import { buttonStyle } from "@/components/ui/button";
import { SearchBox } from "@/components/ui/search-box";
import { Fleet } from "@/features/apps/components/fleet";
import { KEYS } from "@/features/apps/verbs";
import { meQuery } from "@/features/auth/api/auth";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { AdminLink } from "@/features/auth/components/admin-link";
import { useCommands } from "@/lib/commands";
import { useKey } from "@/lib/use-key";
import { Starter } from "./starter";

export function AppsScreen() {
  const { status = "all", q = "", sort = "last_request" } = useSearch({ from: "/account/" });
  const navigate = useNavigate({ from: "/" });
  const search = useRef<HTMLInputElement>(null);
  const narrow = useRef<HTMLInputElement>(null);
  const me = useQuery(meQuery).data;
  const [empty, setEmpty] = useState(false);
  useKey((key) => {
    const box = search.current?.offsetParent ? search.current : narrow.current;
    if (key !== "/" || !box) return false;
    box.focus();
    return true;
  });
  useCommands("apps", () => KEYS.map(({ key, title }) => ({ ...LISTED, id: key, title, keys: key })), []);
  const setWords = (words: string) =>
    void navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true });
  const leave = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape") event.currentTarget.blur();
    else if (event.key === "ArrowDown" || event.key === "Enter")
      document.querySelector<HTMLElement>('[data-index="0"]')?.focus();
    else return;
    event.preventDefault();
  };
  const box = { label: "Search apps", placeholder: "Search apps", value: q, onChange: setWords, onKeyDown: leave };
  return (
    <>
      <TopBar
        actions={
          <>
            <AdminLink />
            {!empty && (
              <Link to="/new" className={buttonStyle({ look: "primary" })}>
                <Plus aria-hidden />
                New app
              </Link>
            )}
            <AccountMenu />
          </>
        }
      >
        {!empty && <SearchBox ref={search} {...box} keys="/" className="w-full max-w-[340px] max-sm:hidden" />}
      </TopBar>
      <Fleet
        filter={status}
        words={q}
        sort={sort}
        me={me?.username ?? ""}
        onFilter={(next) => void navigate({ search: (old) => ({ ...old, status: next === "all" ? undefined : next }) })}
        onSort={(next) =>
          void navigate({ search: (old) => ({ ...old, sort: next === "last_request" ? undefined : next }) })
        }
        onClear={() => void navigate({ search: {} })}
        onGo={(app, where) =>
          void navigate({ to: where === "edit" ? "/apps/$name/edit" : "/apps/$name", params: { name: app.name } })
        }
        empty={<Empty tell={setEmpty} />}
        aside={
          <Link
            to="/trash"
            aria-label="Recently deleted"
            title="Recently deleted"
            className={buttonStyle({ look: "quiet", size: "icon" })}
          >
            <Trash2 aria-hidden />
          </Link>
        }
      >
        <SearchBox ref={narrow} {...box} className="mt-4 sm:hidden" />
      </Fleet>
    </>
  );
}

const LISTED = { group: "List of apps", only: "keys" } as const;

/** Tells the header for as long as it stands in the list's place. */
function Empty({ tell }: { tell: (empty: boolean) => void }) {
  useEffect(() => {
    tell(true);
    return () => tell(false);
  }, [tell]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Starter />
    </div>
  );
}
