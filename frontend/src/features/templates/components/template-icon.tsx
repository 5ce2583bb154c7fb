/** The icons that templates may name. A fixed list keeps the other thousand out of the page. */
import {
  Bot,
  Clock,
  CloudSun,
  Database,
  FileCode,
  Globe,
  Hand,
  Link,
  ListChecks,
  type LucideIcon,
  MessageSquare,
  MousePointerClick,
  NotebookPen,
  Radio,
  Rocket,
  Upload,
  Webhook,
  Zap,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  bot: Bot,
  clock: Clock,
  "cloud-sun": CloudSun,
  database: Database,
  globe: Globe,
  hand: Hand,
  link: Link,
  "list-checks": ListChecks,
  "list-todo": ListChecks,
  "message-square": MessageSquare,
  "mouse-pointer-click": MousePointerClick,
  notebook: NotebookPen,
  "notebook-pen": NotebookPen,
  radio: Radio,
  rocket: Rocket,
  upload: Upload,
  webhook: Webhook,
  zap: Zap,
};

export function TemplateIcon({ name }: { name: string }) {
  const Icon = ICONS[name] ?? FileCode;
  return <Icon className="size-[18px] text-waking" aria-hidden />;
}
