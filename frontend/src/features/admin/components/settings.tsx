/** The platform's settings: shown once they have come, edited by the form beneath. */
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/ui/notice";
import { settingsQuery } from "../api/settings";
import { SettingsForm } from "./settings-form";

export function PlatformSettings() {
  const query = useQuery(settingsQuery);
  if (query.isPending)
    return (
      <div className="mx-auto max-w-2xl" aria-busy="true">
        {["a", "b", "c", "d"].map((key) => (
          <div key={key} className="skeleton mb-6 h-28" />
        ))}
      </div>
    );
  if (!query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <SettingsForm first={query.data} />;
}
