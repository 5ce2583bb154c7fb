/** The Settings tab. */
import { useNavigate } from "@tanstack/react-router";
import { DeleteApp } from "@/features/apps/components/delete-app";
import { SleepSettings } from "@/features/settings/components/sleep-settings";
import type { App } from "@/lib/api/types";

export function SettingsTab({ app }: { app: App }) {
  const navigate = useNavigate();
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-8">
      <section aria-labelledby="sleep-title">
        <h2 id="sleep-title" className="mb-3 font-semibold text-[16px]">
          Sleep
        </h2>
        <SleepSettings app={app.id} />
      </section>
      <section aria-labelledby="delete-title" className="border-line border-t pt-6">
        <h2 id="delete-title" className="mb-1 font-semibold text-[16px]">
          Delete
        </h2>
        <p className="mb-3 text-muted">The app, its versions, requests and logs. Its address becomes free.</p>
        <DeleteApp app={app} onDeleted={() => void navigate({ to: "/" })} />
      </section>
    </div>
  );
}
