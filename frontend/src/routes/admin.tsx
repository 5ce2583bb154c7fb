/** /admin/<section>: what only administrators see. For everybody else there is nothing here. */
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { TopBar } from "@/components/top-bar";
import { meQuery } from "@/features/auth/api/auth";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { cn } from "@/lib/cn";
import { AdminApps } from "./admin-apps";
import { ADMIN_SECTIONS, type AdminSection, isSection } from "./admin-search";
import { AdminContent } from "./admin-sections";

const FROM = "/account/admin/$section";

export function AdminScreen() {
  const { section } = useParams({ from: FROM });
  const me = useQuery(meQuery).data;
  const scroller = useRef<HTMLElement>(null);
  // The rights may be given up while the page is open.
  if (!me?.admin || !isSection(section)) return <Navigate to="/" />;
  return (
    <>
      <TopBar title="Administration" actions={<AccountMenu />} />
      <Sections current={section} />
      {section === "apps" ? (
        <AdminApps />
      ) : (
        <main ref={scroller} key={section} className="min-h-0 flex-1 overflow-y-auto px-3 pt-6 pb-12 sm:px-4">
          <div className="mx-auto w-full max-w-[1112px]">
            <AdminContent section={section} me={me.username} scroller={scroller} />
          </div>
        </main>
      )}
    </>
  );
}

function Sections({ current }: { current: AdminSection }) {
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the section that is open may lie beyond the edge.
  useEffect(() => {
    bar.current?.querySelector(`[href="/admin/${current}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <nav
      ref={bar}
      aria-label="Sections"
      className="flex h-[42px] shrink-0 overflow-x-auto border-line border-b bg-surface px-2.5 pointer-coarse:h-11"
    >
      {Object.entries(ADMIN_SECTIONS).map(([section, title]) => (
        <Link
          key={section}
          to="/admin/$section"
          params={{ section }}
          aria-current={section === current ? "page" : undefined}
          className={cn(
            "relative flex h-full shrink-0 items-center whitespace-nowrap px-2.5 focus-visible:outline-offset-[-2px]",
            section === current
              ? "font-semibold text-text after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:bg-accent"
              : "text-muted hover:text-text",
          )}
        >
          <span className="bold-room" data-text={title}>
            {title}
          </span>
        </Link>
      ))}
    </nav>
  );
}
