/** The Settings tab. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Section } from "@/components/section";
import { DeleteApp } from "@/features/apps/components/delete-app";
import { meQuery } from "@/features/auth/api/auth";
import { SettingsPanel } from "@/features/settings/components/settings-panel";
import type { App } from "@/lib/api/types";

export function SettingsTab({ app }: { app: App }) {
  const navigate = useNavigate();
  const me = useQuery(meQuery).data;
  const owner = me && me.username !== app.owner ? app.owner : undefined;
  return (
    <div className="mx-auto max-w-2xl">
      <SettingsPanel app={app} owner={owner}>
        <Section
          title="Delete"
          about="The app and its address. For a day it can be had back, after that its versions, requests and logs are gone."
        >
          <DeleteApp app={app} onDeleted={() => void navigate({ to: "/" })} />
        </Section>
      </SettingsPanel>
    </div>
  );
}
