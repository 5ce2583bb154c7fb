/** The sections of the administration; what each is narrowed to, and what is open in it, lives in the address. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { RefObject } from "react";
import { AuditLog } from "@/features/admin/components/audit-log";
import { Backup } from "@/features/admin/components/backup";
import { EventList } from "@/features/admin/components/event-list";
import { Overview } from "@/features/admin/components/overview";
import { PlatformSettings } from "@/features/admin/components/settings";
import { Templates } from "@/features/admin/components/templates";
import { Users } from "@/features/admin/components/users";
import { readWanted } from "@/features/admin/model/audit";
import type { AdminSearch, AdminSection } from "./admin-search";

interface Props {
  section: Exclude<AdminSection, "apps">;
  me: string;
  scroller: RefObject<HTMLElement | null>;
}

export function AdminContent({ section, me, scroller }: Props) {
  const search = useSearch({ from: "/account/admin/$section" });
  const navigate = useNavigate({ from: "/admin/$section" });
  const change = (next: AdminSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const choose = (chosen: string | undefined) => void navigate({ search: (old) => ({ ...old, chosen }) });
  switch (section) {
    case "overview":
      return (
        <>
          <Overview />
          <h2 className="mt-2 mb-3 font-semibold text-[16px]">What happened lately</h2>
          <EventList />
        </>
      );
    case "users":
      return (
        <Users me={me} prefix={search.q ?? ""} onPrefix={(q) => change({ q: q || undefined })} scroller={scroller} />
      );
    case "settings":
      return <PlatformSettings />;
    case "templates":
      return <Templates chosen={search.chosen} onChoose={choose} />;
    case "audit":
      return (
        <AuditLog
          wanted={readWanted(search)}
          chosen={search.chosen}
          onWanted={(wanted) => change({ ...wanted, chosen: undefined })}
          onClear={() => void navigate({ search: {} })}
          onChoose={choose}
          scroller={scroller}
        />
      );
    case "backup":
      return <Backup />;
  }
}
