/** What can be done with an app, as a menu. It is open from the start: whoever fetched it had pressed its button. */
import {
  Activity,
  CodeXml,
  Copy,
  Download,
  ExternalLink,
  type LucideIcon,
  Pause,
  Pencil,
  Play,
  RotateCw,
  Sunrise,
  Trash2,
} from "lucide-react";
import type { ReactElement } from "react";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { MoonShape } from "@/components/ui/status-pill";
import type { App } from "@/lib/api/types";
import { exportUrl, type Verb } from "../api/actions";
import { powersOf } from "../verbs";
import type { RowVerb } from "./row-menu";

const POWERS: Record<Verb, [label: string, icon: LucideIcon | typeof MoonShape, keys?: string]> = {
  wake: ["Wake", Sunrise, "W"],
  sleep: ["Sleep", MoonShape, "S"],
  restart: ["Restart", RotateCw],
  pause: ["Pause", Pause, "P"],
  resume: ["Resume", Play, "P"],
};

interface Props {
  app: App;
  trigger: ReactElement;
  onVerb: (verb: RowVerb) => void;
}

export function RowPopup({ app, trigger, onVerb }: Props) {
  const powers = powersOf(app);
  const item = (verb: RowVerb, label: string, Icon: LucideIcon | typeof MoonShape, keys?: string) => (
    <MenuItem key={verb} onClick={() => onVerb(verb)} className={verb === "delete" ? "text-error" : undefined}>
      <Icon aria-hidden />
      <span className="flex-1">{label}</span>
      {keys && <kbd className="font-sans text-faint text-sm pointer-coarse:hidden">{keys}</kbd>}
    </MenuItem>
  );
  return (
    <Menu trigger={trigger} openAtOnce>
      {app.version !== null && item("open", "Requests and logs", Activity, "Enter")}
      {item("edit", "Edit code", CodeXml, "E")}
      {app.version !== null && item("visit", "Open address", ExternalLink, "O")}
      {powers.length > 0 && <MenuLine />}
      {powers.map((verb) => item(verb, ...POWERS[verb]))}
      <MenuLine />
      {item("rename", "Rename", Pencil)}
      {item("clone", "Clone", Copy)}
      {/* A link, so that the browser fetches and names the file itself. */}
      <MenuItem render={<a href={exportUrl(app)} download={`${app.name}.zip`} aria-label="Export ZIP" />}>
        <Download aria-hidden />
        Export ZIP
      </MenuItem>
      <MenuLine />
      {item("delete", "Delete", Trash2, "Del")}
    </Menu>
  );
}
