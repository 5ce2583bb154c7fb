/** Makes an app and opens its editor. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useImportApp } from "@/features/apps/api/actions";
import { useCreateApp } from "@/features/apps/api/apps";
import { infoQuery, meQuery } from "@/features/auth/api/auth";
import { ARCHIVE, EMPTY, Start } from "@/features/templates/components/start";
import type { App, Template } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toasts";

export function Starter() {
  const info = useQuery(infoQuery);
  const me = useQuery(meQuery);
  const create = useCreateApp();
  const bring = useImportApp();
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(null);
  const edit = (app: App) => void navigate({ to: "/apps/$name/edit", params: { name: app.name } });
  const start = (name: string | null, template: Template | null) => {
    setPicked(template?.id ?? EMPTY);
    bring.reset();
    create.mutate(
      { name, template: template?.id ?? null },
      {
        onSuccess: edit,
      },
    );
  };
  const bringIn = (name: string | null, archive: File) => {
    setPicked(ARCHIVE);
    create.reset();
    bring.mutate(
      { archive, name },
      {
        onSuccess: ({ app, skipped }) => {
          if (skipped.length > 0) toast(`${plural(skipped.length, "file")} left out: ${skipped.join(", ")}`);
          edit(app);
        },
      },
    );
  };
  const working = create.isPending || create.isSuccess || bring.isPending || bring.isSuccess;
  return (
    <Start
      appsUrl={info.data?.apps_url ?? ""}
      me={me.data?.username ?? ""}
      busy={working ? picked : null}
      error={create.error ?? bring.error}
      onStart={start}
      onImport={bringIn}
    />
  );
}
