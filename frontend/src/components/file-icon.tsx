/** What kind of file it is, by its ending. */
import {
  Braces,
  ChevronDown,
  ChevronRight,
  CodeXml,
  FileCode,
  FileSliders,
  FileText,
  Image,
  type LucideIcon,
  Package,
  Palette,
  Table,
} from "lucide-react";
import { cn } from "@/lib/cn";

const KINDS: readonly (readonly [RegExp, LucideIcon])[] = [
  [/(^|\/)requirements\.txt$/, Package],
  [/\.(py|pyi|js|mjs)$/, FileCode],
  [/\.(html?|j2|jinja2?|xml)$/, CodeXml],
  [/\.css$/, Palette],
  [/\.(json|jsonl|geojson|webmanifest|graphql)$/, Braces],
  [/\.svg$/, Image],
  [/\.(csv|tsv|sql)$/, Table],
  [/\.(toml|ya?ml|ini|cfg)$/, FileSliders],
];

export function FileIcon({ path, className }: { path: string; className?: string }) {
  const Icon = KINDS.find(([pattern]) => pattern.test(path.toLowerCase()))?.[1] ?? FileText;
  return <Icon className={cn("size-3.5 shrink-0", className)} aria-hidden />;
}

export function FolderIcon({ open }: { open: boolean }) {
  const Icon = open ? ChevronDown : ChevronRight;
  return <Icon className="size-3.5 shrink-0 text-muted" aria-hidden />;
}
