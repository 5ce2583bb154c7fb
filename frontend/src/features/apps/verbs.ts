/** What can be done with an app as it is now, and the keys that do it in the list. Pure. */
import type { App } from "@/lib/api/types";
import type { Verb } from "./api/actions";

/** Wake, sleep, pause, resume and restart: those that make sense now. A draft has nothing that runs. */
export function powersOf(app: Pick<App, "status" | "version">): Verb[] {
  if (app.version === null) return [];
  switch (app.status) {
    case "paused":
      return ["resume"];
    case "running":
      return ["sleep", "restart", "pause"];
    case "sleeping":
      return ["wake", "pause"];
    default:
      return ["wake", "restart", "pause"];
  }
}

export const KEYS = [
  { key: "J", title: "Next app" },
  { key: "K", title: "App before" },
  { key: "Enter", title: "Open" },
  { key: "E", title: "Edit code" },
  { key: "O", title: "Open address" },
  { key: "W", title: "Wake" },
  { key: "S", title: "Sleep" },
  { key: "P", title: "Pause or resume" },
  { key: "Del", title: "Delete" },
  { key: "/", title: "Search apps" },
] as const;

export type KeyVerb = "open" | "edit" | "visit" | "delete" | Verb;

/** What a key does to an app; undefined for a key that does nothing, or nothing now. */
export function keyVerb(key: string, app: Pick<App, "status" | "version">): KeyVerb | undefined {
  const powers = powersOf(app);
  switch (key.toLowerCase()) {
    case "e":
      return "edit";
    case "o":
      return app.version === null ? undefined : "visit";
    case "delete":
      return "delete";
    case "w":
      return powers.find((verb) => verb === "wake");
    case "s":
      return powers.find((verb) => verb === "sleep");
    case "p":
      return powers.find((verb) => verb === "pause" || verb === "resume");
    default:
      return undefined;
  }
}
