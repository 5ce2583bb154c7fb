/** A template's words and files; what the server finds in them is told beneath, with its place. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { ApiError, explain } from "@/lib/api/problem";
import type { Template } from "@/lib/api/types";
import { toast } from "@/lib/toasts";
import { useChangeTemplate } from "../api/templates";
import { patchOf, type Words, wordsOf } from "../model/template";
import { TemplateFiles } from "./template-files";

export function TemplateForm({ template }: { template: Template }) {
  const change = useChangeTemplate();
  const [words, setWords] = useState<Words>(() => wordsOf(template));
  const patch = patchOf(template, words);
  const set = (given: Partial<Words>) => setWords((before) => ({ ...before, ...given }));
  return (
    <form
      className="p-4"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ id: template.id, ...patch }, { onSuccess: () => toast(`${words.name} is saved`) });
      }}
    >
      <Field label="Name" value={words.name} maxLength={60} onChange={(event) => set({ name: event.target.value })} />
      <Field
        label="One line about it"
        value={words.description}
        maxLength={300}
        onChange={(event) => set({ description: event.target.value })}
      />
      {template.kind !== "built_in" && (
        <Checkbox label="Everybody sees it" checked={words.shared} onChange={(shared) => set({ shared })} />
      )}
      <TemplateFiles code={words} onChange={(next) => setWords((before) => ({ ...before, ...next(before) }))} />
      {change.error && <Refusal error={change.error} />}
      <div className="sticky bottom-0 -mx-4 flex gap-2 border-line border-t bg-surface px-4 py-3">
        <Button type="submit" busy={change.isPending} disabled={Object.keys(patch).length === 0 || !words.name.trim()}>
          Save the template
        </Button>
        {Object.keys(patch).length > 0 && (
          <Button look="quiet" onClick={() => setWords(wordsOf(template))}>
            Take back
          </Button>
        )}
      </div>
    </form>
  );
}

function Refusal({ error }: { error: unknown }) {
  const findings = error instanceof ApiError ? error.findings : [];
  return (
    <div role="alert" className="mb-3 text-error">
      <p>{explain(error)}</p>
      <ul>
        {findings.map((one) => (
          <li key={`${one.file} ${one.line} ${one.code}`}>
            {one.file}
            {one.line ? `, line ${one.line}` : ""}: {one.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
