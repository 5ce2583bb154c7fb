/** All that can be set for an app, one section beneath the other: in the editor's drawer and on the app's own page. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Section } from "@/components/section";
import { ErrorNotice } from "@/components/ui/notice";
import type { App, AppSettings } from "@/lib/api/types";
import { settingsQuery } from "../api/settings";
import { DatabaseSettings } from "./database-settings";
import { LimitSettings } from "./limit-settings";
import { SecretSettings } from "./secret-settings";
import { SharingSettings } from "./sharing-settings";
import { SleepSettings } from "./sleep-settings";
import { VariableSettings } from "./variable-settings";

interface Props {
  app: App;
  /** The app's owner, where that is not the caller. */
  owner?: string;
  /** Sections of other features: what cannot be undone comes last. */
  children?: ReactNode;
}

export function SettingsPanel({ app, owner, children }: Props) {
  const query = useQuery(settingsQuery(app.id));
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SettingsSkeleton />;
  return (
    <>
      <Undeployed app={app} settings={query.data} />
      <Section title="Variables" about="Read with os.environ. They count from the next deploy on.">
        <VariableSettings app={app.id} settings={query.data} />
      </Section>
      <Section
        title="Secrets"
        about="Variables whose values are kept encrypted and are never shown again, to anybody. They count from the next deploy on."
      >
        <SecretSettings app={app.id} settings={query.data} />
      </Section>
      <Section
        title="Database"
        about="What PLATFORM_MONGO_URI points to. A change counts at once: the app starts again with it."
      >
        <DatabaseSettings app={app} settings={query.data} owner={owner} />
      </Section>
      <Section title="Sleep" about="An idle app costs nothing, and wakes on the next request. A change counts at once.">
        <SleepSettings app={app.id} settings={query.data} />
      </Section>
      <Section title="Limits" about="What one instance may use. They count from the next deploy on.">
        <LimitSettings app={app.id} settings={query.data} />
      </Section>
      <Section
        title="Sharing"
        about="What chats show when somebody sends the app's address. Pages that say it themselves keep their own words. It counts from the next deploy on."
      >
        <SharingSettings app={app} settings={query.data} />
      </Section>
      {children}
    </>
  );
}

function Undeployed({ app, settings }: { app: App; settings: AppSettings }) {
  if (app.version === null || settings.undeployed.length === 0) return null;
  return (
    <p role="status" className="mb-5 flex items-baseline gap-2 rounded-md border border-line bg-raised px-3 py-2">
      <span className="size-1.5 shrink-0 rounded-full bg-accent" aria-hidden />
      <span className="min-w-0">
        v{app.version} still runs without{" "}
        {settings.undeployed.map((name, index) => (
          <span key={name}>
            {index > 0 && ", "}
            <code className="wrap-anywhere text-sm">{name}</code>
          </span>
        ))}
        . Deploy to change that.
      </span>
    </p>
  );
}

function SettingsSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-8">
      {["Variables", "Secrets", "Database", "Sleep"].map((name) => (
        <div key={name} className="flex flex-col gap-2.5">
          <div className="skeleton h-4 w-28" />
          <div className="skeleton h-20" />
        </div>
      ))}
    </div>
  );
}
