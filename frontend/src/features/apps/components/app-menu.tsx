/** What can be done to a deployed app as it runs: wake, sleep, restart, pause, resume. Nothing here loses anything. */
import { Ellipsis, Pause, Play, RotateCw, Sunrise } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { MoonShape } from "@/components/ui/status-pill";
import type { App } from "@/lib/api/types";
import { toast } from "@/lib/toasts";
import type { usePower, Verb } from "../api/apps";

interface Props {
  app: App;
  power: ReturnType<typeof usePower>;
}

const DONE: Record<Verb, string> = {
  wake: "is awake",
  sleep: "sleeps; the next request wakes it",
  restart: "runs anew",
  pause: "is paused: nothing wakes it until you resume it",
  resume: "may wake again; the next request wakes it",
};

export function AppMenu({ app, power }: Props) {
  if (app.version === null) return null;
  const paused = app.status === "paused";
  const awake = app.status === "running";
  const press = (verb: Verb) => power.mutate(verb, { onSuccess: () => toast(`${app.name} ${DONE[verb]}`) });
  return (
    <Menu
      trigger={
        <Button look="quiet" size="icon" aria-label="More actions" title="More actions" busy={power.isPending}>
          {!power.isPending && <Ellipsis aria-hidden />}
        </Button>
      }
    >
      {paused ? (
        <MenuItem onClick={() => press("resume")}>
          <Play aria-hidden />
          Resume
        </MenuItem>
      ) : (
        <>
          <MenuItem onClick={() => press(awake ? "sleep" : "wake")}>
            {awake ? <MoonShape className="size-4" /> : <Sunrise aria-hidden />}
            {awake ? "Put to sleep" : "Wake now"}
          </MenuItem>
          <MenuItem onClick={() => press("restart")}>
            <RotateCw aria-hidden />
            Restart
          </MenuItem>
          <MenuLine />
          <MenuItem onClick={() => press("pause")}>
            <Pause aria-hidden />
            Pause
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
