/** The Metrics tab; an error leads to its last request in the Requests tab. */
import { Link } from "@tanstack/react-router";
import { buttonStyle } from "@/components/ui/button";
import { MetricsPage } from "@/features/metrics/components/metrics-page";
import type { MetricsSearch } from "@/features/metrics/search";
import type { App } from "@/lib/api/types";

interface Props {
  app: App;
  search: MetricsSearch;
  onSearch: (change: MetricsSearch) => void;
}

export function MetricsTab({ app, search, onSearch }: Props) {
  return (
    <MetricsPage
      app={app.id}
      search={search}
      onSearch={onSearch}
      requestLink={(request) => (
        <Link
          to="/apps/$name"
          params={{ name: app.name }}
          search={{ q: "status:>=500", request }}
          className={buttonStyle()}
        >
          Last request
        </Link>
      )}
    />
  );
}
