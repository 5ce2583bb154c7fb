/** Every template, hidden ones too: who made it, who sees it, and the way to its files. */
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { explain } from "@/lib/api/problem";
import type { Template } from "@/lib/api/types";
import { allTemplatesQuery, useChangeTemplate } from "../api/templates";
import { NewTemplateDialog } from "./new-template";
import { TemplateDrawer } from "./template-drawer";

interface Props {
  chosen?: string;
  onChoose: (id: string | undefined) => void;
}

export function Templates({ chosen, onChoose }: Props) {
  const query = useQuery(allTemplatesQuery);
  const change = useChangeTemplate();
  const [adding, setAdding] = useState(false);
  return (
    <div className="mx-auto max-w-3xl">
      <div className="mb-4 flex items-center gap-3">
        <p className="text-muted">What a new app can start from.</p>
        <Button look="primary" className="ml-auto" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add from an app
        </Button>
      </div>
      {query.isPending && <div className="skeleton h-96 rounded-lg" aria-busy="true" />}
      {query.isError && !query.data && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <ul aria-label="Templates" className="divide-y divide-line rounded-lg border border-line bg-surface">
          {query.data.map((template) => (
            <Row
              key={template.id}
              template={template}
              busy={change.isPending && change.variables.id === template.id}
              problem={change.error && change.variables.id === template.id ? explain(change.error) : undefined}
              onOpen={() => onChoose(template.id)}
              onHidden={(hidden) => change.mutate({ id: template.id, hidden })}
            />
          ))}
        </ul>
      )}
      {adding && <NewTemplateDialog onClose={() => setAdding(false)} />}
      <TemplateDrawer id={chosen} onClose={() => onChoose(undefined)} />
    </div>
  );
}

const KIND: Record<Template["kind"], string> = { built_in: "built in", platform: "of this platform", user: "by" };

interface RowProps {
  template: Template;
  busy: boolean;
  problem?: string;
  onOpen: () => void;
  onHidden: (hidden: boolean) => void;
}

function Row({ template, busy, problem, onOpen, onHidden }: RowProps) {
  const { name, kind, owner, hidden, shared, changed, description } = template;
  const marks = [
    kind === "user" ? `by ${owner ?? ""}` : KIND[kind],
    changed && "changed here",
    hidden ? "hidden" : !shared && "only its owner sees it",
  ].filter(Boolean);
  return (
    <li className="relative flex min-h-14 items-center gap-3 px-3.5 py-2 hover:bg-raised">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <button
            type="button"
            onClick={onOpen}
            className="min-w-0 truncate text-left font-semibold text-lg after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
          >
            {name}
          </button>
          <span className="shrink-0 text-muted text-sm">{marks.join(", ")}</span>
        </p>
        <p className="truncate text-muted" title={description}>
          {description}
        </p>
        {problem && (
          <p role="alert" className="text-error text-sm">
            {problem}
          </p>
        )}
      </div>
      <Button
        size="small"
        busy={busy}
        className="relative"
        aria-label={`${hidden ? "Show" : "Hide"} ${name}`}
        onClick={() => onHidden(!hidden)}
      >
        {hidden ? "Show" : "Hide"}
      </Button>
    </li>
  );
}
