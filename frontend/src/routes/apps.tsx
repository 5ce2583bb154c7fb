/** /: the fleet, or, while there is none, the start of it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useRef } from "react";
import { TopBar } from "@/components/top-bar";
import { buttonStyle } from "@/components/ui/button";
import { SearchBox } from "@/components/ui/search-box";
import { Fleet } from "@/features/apps/components/fleet";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { appsQuery } from "@/lib/apps";
import { hotkeyLabel, useHotkey } from "@/lib/use-hotkey";
import { Starter } from "./starter";

export function AppsScreen() {
  const { status = "all", q = "" } = useSearch({ from: "/account/" });
  const navigate = useNavigate({ from: "/" });
  const search = useRef<HTMLInputElement>(null);
  const apps = useQuery(appsQuery);
  const empty = apps.data?.length === 0;
  useHotkey("k", () => search.current?.focus());
  const setWords = (words: string) =>
    void navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true });
  const box = { label: "Search apps", placeholder: "Search apps", value: q, onChange: setWords };
  return (
    <>
      <TopBar
        actions={
          <>
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
        {!empty && (
          <SearchBox ref={search} {...box} keys={hotkeyLabel("k")} className="w-full max-w-[340px] max-sm:hidden" />
        )}
      </TopBar>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {empty ? (
          <Starter />
        ) : (
          <Fleet
            filter={status}
            words={q}
            onFilter={(next) =>
              void navigate({ search: (old) => ({ ...old, status: next === "all" ? undefined : next }) })
            }
            onClear={() => void navigate({ search: {} })}
          >
            <SearchBox {...box} className="mt-4 sm:hidden" />
          </Fleet>
        )}
      </div>
    </>
  );
}
