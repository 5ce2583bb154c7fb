/** Sleep or wake, whichever makes sense now; absent where neither does. */
import { Sunrise } from "lucide-react";
import { Button } from "@/components/ui/button";
import { MoonShape } from "@/components/ui/status-pill";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import { usePower } from "../api/apps";

export function PowerButton({ app }: { app: App }) {
  const power = usePower(app);
  const verb =
    app.status === "running"
      ? "sleep"
      : app.status === "sleeping" || app.status === "waking" || (app.status === "error" && app.version)
        ? "wake"
        : null;
  if (!verb) return null;
  return (
    <span className="flex items-center gap-2">
      {power.error && (
        <span role="alert" className="max-w-64 truncate max-sm:sr-only text-error text-sm" title={explain(power.error)}>
          {explain(power.error)}
        </span>
      )}
      <Button busy={power.isPending} disabled={app.status === "waking"} onClick={() => power.mutate(verb)}>
        {!power.isPending && (verb === "sleep" ? <MoonShape className="size-3.5" /> : <Sunrise aria-hidden />)}
        <span className="max-sm:sr-only">{verb === "sleep" ? "Sleep" : "Wake"}</span>
      </Button>
    </span>
  );
}
