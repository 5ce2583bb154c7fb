/** Start with something that works: one card a template, one press makes the app. */
import { useQuery } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { ErrorNotice } from "@/components/ui/notice";
import type { Template } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { templatesQuery } from "@/lib/templates";
import { TemplateIcon } from "./template-icon";

/** Two or three columns, whichever leaves no card alone in its row. */
function grid(count: number): string {
  return cn("grid grid-cols-1 gap-3 sm:grid-cols-2", count % 3 !== 1 && "lg:grid-cols-3");
}

interface Props {
  busy: string | null;
  onPick: (template: Template) => void;
}

export function TemplateCards({ busy, onPick }: Props) {
  const query = useQuery(templatesQuery);
  if (query.isPending)
    return (
      <div className={grid(4)}>
        {["a", "b", "c", "d"].map((key) => (
          <div key={key} className="skeleton h-[131px] rounded-lg" />
        ))}
      </div>
    );
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <ul className={grid(query.data.length)} aria-label="Templates">
      {query.data.map((template) => (
        <li key={template.id}>
          <Card template={template} busy={busy} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

function Card({ template, busy, onPick }: Props & { template: Template }) {
  const id = `template-${template.id}`;
  return (
    <button
      type="button"
      aria-labelledby={id}
      aria-describedby={`${id}-about`}
      disabled={busy !== null}
      onClick={() => onPick(template)}
      className="flex h-full w-full flex-col items-start rounded-lg border border-line bg-surface p-[17px] text-left transition-colors duration-120 hover:border-accent focus-visible:rounded-lg disabled:opacity-60"
    >
      {busy === template.id ? (
        <LoaderCircle className="size-[18px] animate-spin text-waking" aria-hidden />
      ) : (
        <TemplateIcon name={template.icon} />
      )}
      <span id={id} className="mt-3 font-semibold text-lg">
        {template.name}
      </span>
      <span id={`${id}-about`} className="mt-0.5 text-muted">
        {template.description}
      </span>
      <span className="mt-auto pt-2 font-mono text-muted text-xs">{size(template)}</span>
    </button>
  );
}

function size(template: Template): string {
  const files = Object.values(template.files);
  if (files.length > 2) return plural(files.length, "file");
  const lines = files.reduce((sum, text) => sum + text.split("\n").filter((line) => line.trim()).length, 0);
  return plural(lines, "line");
}
