/** The database that the app is bound to; nothing before its first use. */
import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { settingsQuery } from "../api/settings";

export function DatabaseBadge({ app }: { app: string }) {
  const { data } = useQuery({ ...settingsQuery(app), staleTime: 60_000 });
  if (!data?.database) return null;
  return (
    <span
      title="Database"
      className="flex h-[22px] min-w-0 items-center gap-1.5 rounded-sm border border-line px-1.5 text-muted text-sm max-xl:hidden"
    >
      <Database className="size-3.5 shrink-0" aria-hidden />
      <span className="truncate">{data.database}</span>
    </span>
  );
}
