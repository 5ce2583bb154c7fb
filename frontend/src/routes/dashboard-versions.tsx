/** The Versions tab: which version is looked at, and beside what, is part of the address. */
import { type VersionsChoice, VersionsPanel } from "@/features/versions/components/versions-panel";
import type { App } from "@/lib/api/types";
import type { VersionsSearch } from "./dashboard-search";

interface Props {
  app: App;
  search: VersionsSearch;
  onSearch: (change: VersionsSearch) => void;
}

export function VersionsTab({ app, search, onSearch }: Props) {
  const choice: VersionsChoice = { version: search.version, with: search.with, path: search.path };
  return <VersionsPanel app={app} choice={choice} onChoose={onSearch} />;
}
