/** Start with something that works: one card a template, one press makes the app. Six at first, the others on demand. */
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, LoaderCircle } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import type { Template } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { templatesQuery } from "@/lib/templates";
import { shelves, sizeOf } from "../model/shelves";
import { TemplateIcon } from "./template-icon";

const GRID = "grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3";

interface Props {
  me: string;
  busy: string | null;
  onPick: (template: Template) => void;
}

export function TemplateCards({ me, busy, onPick }: Props) {
  const query = useQuery(templatesQuery);
  const [all, setAll] = useState(false);
  if (query.isPending)
    return (
      <div className={GRID}>
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <div key={key} className="skeleton h-[135px] rounded-lg" />
        ))}
      </div>
    );
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  const { first, more, own } = shelves(query.data, me);
  return (
    <>
      {own.length > 0 && <Shelf title="Yours" label="Your templates" templates={own} busy={busy} onPick={onPick} />}
      <Shelf
        title={own.length > 0 ? "Templates" : undefined}
        label="Templates"
        templates={all ? [...first, ...more] : first}
        busy={busy}
        onPick={onPick}
      />
      {more.length > 0 && !all && (
        <div className="mt-3 flex justify-center">
          <Button look="quiet" onClick={() => setAll(true)}>
            All templates
            <span className="tnum font-normal text-faint">{first.length + more.length}</span>
            <ChevronDown aria-hidden />
          </Button>
        </div>
      )}
    </>
  );
}

interface ShelfProps {
  title?: string;
  label: string;
  templates: readonly Template[];
  busy: string | null;
  onPick: (template: Template) => void;
}

function Shelf({ title, label, templates, busy, onPick }: ShelfProps) {
  return (
    <section className="mt-6 first:mt-0" aria-label={label}>
      {title && <h3 className="mb-2 text-muted">{title}</h3>}
      <ul className={GRID} aria-label={label}>
        {templates.map((template) => (
          <li key={template.id}>
            <Card template={template} busy={busy} onPick={onPick} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Card({ template, busy, onPick }: Omit<Props, "me"> & { template: Template }) {
  const id = `template-${template.id}`;
  return (
    <div
      className={cn(
        "relative flex h-full flex-col items-start rounded-lg border border-line bg-surface p-[17px] transition-colors duration-120",
        busy === null ? "hover:border-accent" : "opacity-60",
      )}
    >
      {busy === template.id ? (
        <LoaderCircle className="size-[18px] animate-spin text-waking" aria-hidden />
      ) : (
        <TemplateIcon name={template.icon} />
      )}
      {/* It is called what the template is; all of the card is its to press. */}
      <button
        type="button"
        aria-describedby={`${id}-about`}
        disabled={busy !== null}
        onClick={() => onPick(template)}
        className="mt-3 text-left font-semibold text-lg after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:outline-offset-2"
      >
        {template.name}
      </button>
      <p id={`${id}-about`} className="mt-0.5 text-muted">
        {template.description}
      </p>
      <p className="mt-auto pt-2 font-mono text-muted text-xs">{about(template)}</p>
    </div>
  );
}

function about(template: Template): string {
  const size = sizeOf(template);
  const length = size && (size.files > 2 ? plural(size.files, "file") : plural(size.lines, "line"));
  const by = template.kind === "user" ? `by ${template.owner}` : undefined;
  return [length, by].filter(Boolean).join(", ") || template.framework;
}
