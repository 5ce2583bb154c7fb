/** The app's saved requests; one press puts one into the form. The plus keeps the present one under a name. */
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Method } from "@/components/ui/method";
import { explain } from "@/lib/api/problem";
import type { ExampleRequest } from "@/lib/api/types";
import { toast } from "@/lib/toasts";
import { fromExample, sameRequest, type TryRequest, toExample } from "../model/request";
import { Entry } from "./entry";

interface Props {
  examples: readonly ExampleRequest[] | undefined;
  error: unknown;
  current: TryRequest;
  onSave: (items: ExampleRequest[]) => void;
  onPick: (example: ExampleRequest) => void;
}

export function Saved({ examples, error, current, onSave, onPick }: Props) {
  const [naming, setNaming] = useState(false);
  const items = examples ?? [];
  const remove = (example: ExampleRequest) => {
    onSave(items.filter((one) => one.name !== example.name));
    toast(`${example.name} is no longer saved`, { onUndo: () => onSave([...items]) });
  };
  const keep = (name: string) => {
    setNaming(false);
    if (name) onSave([...items.filter((one) => one.name !== name), toExample(current, name)]);
  };
  return (
    <section aria-label="Saved" className="shrink-0 border-line border-t py-1.5">
      <div className="flex items-center justify-between pr-2 pl-3.5">
        <h3 className="font-semibold text-sm">Saved</h3>
        <Button look="quiet" size="icon" aria-label="Save this request" onClick={() => setNaming(true)}>
          <Plus aria-hidden />
        </Button>
      </div>
      {naming && <NameField taken={items.map((one) => one.name ?? "")} current={current} onDone={keep} />}
      {error !== null && error !== undefined && (
        <p role="alert" className="px-3.5 py-1 text-error text-sm">
          {explain(error)}
        </p>
      )}
      {examples === undefined && !error && <div className="skeleton mx-3.5 my-1 h-14" />}
      {examples?.length === 0 && !naming && (
        <p className="px-3.5 pb-1.5 text-muted">None yet. The plus keeps the request above.</p>
      )}
      <ul>
        {items.map((example) => (
          <Entry
            key={example.name}
            chosen={sameRequest(fromExample(example), current)}
            onPick={() => onPick(example)}
            action={
              <Button look="quiet" size="icon" aria-label={`Forget ${example.name}`} onClick={() => remove(example)}>
                <X aria-hidden />
              </Button>
            }
          >
            <Method method={example.method ?? "GET"} className="w-11 shrink-0" />
            <span className="truncate">{example.name}</span>
          </Entry>
        ))}
      </ul>
    </section>
  );
}

interface NameProps {
  taken: readonly string[];
  current: TryRequest;
  onDone: (name: string) => void;
}

function NameField({ taken, current, onDone }: NameProps) {
  const [name, setName] = useState(`${current.method} ${current.path.split("?", 1)[0]}`.slice(0, 80));
  return (
    <form
      className="flex gap-2 px-3.5 pt-0.5 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(name.trim());
      }}
      onKeyDown={(event) => event.key === "Escape" && onDone("")}
    >
      <Input
        aria-label="Name of the saved request"
        autoFocus
        value={name}
        maxLength={80}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" disabled={!name.trim()}>
        {taken.includes(name.trim()) ? "Replace" : "Save"}
      </Button>
    </form>
  );
}
