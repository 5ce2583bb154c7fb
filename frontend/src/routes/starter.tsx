/** Makes an app and opens its editor; the template's examples go with it, so that the test panel has a request. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCreateApp } from "@/features/apps/api/apps";
import { infoQuery } from "@/features/auth/api/auth";
import { EMPTY, Start } from "@/features/templates/components/start";
import type { Template } from "@/lib/api/types";
import { rememberExamples } from "@/lib/examples";

export function Starter() {
  const info = useQuery(infoQuery);
  const create = useCreateApp();
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(null);
  const start = (name: string | null, template: Template | null) => {
    setPicked(template?.id ?? EMPTY);
    create.mutate(
      { name, template: template?.id ?? null },
      {
        onSuccess: (app) => {
          if (template?.examples) rememberExamples(app.id, template.examples);
          void navigate({ to: "/apps/$name/edit", params: { name: app.name } });
        },
      },
    );
  };
  const busy = create.isPending || create.isSuccess ? picked : null;
  return <Start appsUrl={info.data?.apps_url ?? ""} busy={busy} error={create.error} onStart={start} />;
}
