/** Sleep, wake or resume, whichever makes sense now, and the menu of the rest; a failure is told beside them. */
import { Play, Sunrise } from "lucide-react";
import { Button } from "@/components/ui/button";
import { MoonShape } from "@/components/ui/status-pill";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import { usePower, type Verb } from "../api/apps";
import { AppMenu } from "./app-menu";

const WORD: Record<string, string> = { sleep: "Sleep", wake: "Wake", resume: "Resume" };

export function PowerButton({ app }: { app: App }) {
  const power = usePower(app);
  const verb = nextVerb(app);
  return (
    <span className="flex min-w-0 items-center gap-2">
      {power.error && (
        <span
          role="alert"
          className="max-w-64 truncate text-error text-sm max-sm:max-w-24"
          title={explain(power.error)}
        >
          {explain(power.error)}
        </span>
      )}
      {verb && (
        <Button
          className="max-sm:hidden"
          busy={power.isPending}
          disabled={app.status === "waking"}
          onClick={() => power.mutate(verb)}
        >
          {!power.isPending && <VerbIcon verb={verb} />}
          {WORD[verb]}
        </Button>
      )}
      <AppMenu app={app} power={power} />
    </span>
  );
}

function VerbIcon({ verb }: { verb: Verb }) {
  if (verb === "sleep") return <MoonShape className="size-3.5" />;
  return verb === "resume" ? <Play aria-hidden /> : <Sunrise aria-hidden />;
}

function nextVerb(app: App): Verb | null {
  if (app.version === null) return null;
  if (app.status === "running") return "sleep";
  if (app.status === "paused") return "resume";
  return app.status === "sleeping" || app.status === "waking" || app.status === "error" ? "wake" : null;
}
