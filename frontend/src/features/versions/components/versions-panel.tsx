/**
 * The versions of an app: who deployed what and when, what differs between any two, and the way back. What is chosen lives
 * with the caller, because on the dashboard it is part of the address.
 */
import { useQuery } from "@tanstack/react-query";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import type { App } from "@/lib/api/types";
import { versionsQuery } from "../api/versions";
import { DeployHistory } from "./deploy-history";
import { VersionDetail } from "./version-detail";
import { VersionList } from "./version-list";

export interface VersionsChoice {
  /** The number of the version that is looked at; the newest when absent. */
  version?: number;
  /** What it is compared with: `draft`, or a number. */
  with?: string;
  /** The file whose difference is shown. */
  path?: string;
}

interface Props {
  app: App;
  choice: VersionsChoice;
  onChoose: (choice: VersionsChoice) => void;
}

export function VersionsPanel({ app, choice, onChoose }: Props) {
  const query = useQuery(versionsQuery(app.id));
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <VersionsSkeleton />;
  const versions = query.data;
  const chosen = versions.find((one) => one.number === choice.version) ?? versions[0];
  if (!chosen)
    return (
      <EmptyNotice title="There is no version yet">
        Each deploy makes one, of the code and the settings together. The last ten are kept.
      </EmptyNotice>
    );
  return (
    <div className="flex h-full min-h-0 max-md:flex-col">
      <div className="shrink-0 overflow-y-auto border-line max-md:max-h-[42%] max-md:border-b md:w-[300px] md:border-r">
        <VersionList
          versions={versions}
          chosen={chosen.number}
          onChoose={(version) => onChoose({ version, with: undefined, path: undefined })}
        />
        <DeployHistory app={app.id} />
      </div>
      <VersionDetail
        key={chosen.number}
        app={app}
        versions={versions}
        version={chosen}
        choice={choice}
        onChoose={onChoose}
      />
    </div>
  );
}

function VersionsSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-3 p-4">
      {["w-60", "w-64", "w-56", "w-52"].map((width) => (
        <div key={width} className={`skeleton h-9 ${width}`} />
      ))}
    </div>
  );
}
