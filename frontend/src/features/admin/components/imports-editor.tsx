/** Which packages apps may import: all that are installed, or those of a list, by the names that imports begin with. */
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Switch } from "@/components/ui/switch";
import { packagesQuery } from "../api/settings";

interface Props {
  allowed: readonly string[] | null;
  problem?: string;
  onChange: (allowed: string[] | null) => void;
}

export function ImportsEditor({ allowed, problem, onChange }: Props) {
  const packages = useQuery(packagesQuery).data;
  const installed = [...new Set(packages?.items.flatMap((one) => one.modules) ?? [])].sort();
  return (
    <>
      <Switch
        label="All that are installed"
        hint={packages?.known ? `${installed.length} names can be imported` : undefined}
        checked={allowed === null}
        onChange={(all) => onChange(all ? null : installed.filter((name) => !name.startsWith("_")))}
      />
      {allowed !== null && <Names names={allowed} installed={installed} onChange={onChange} />}
      {problem && (
        <p role="alert" className="mt-2 text-error">
          {problem}
        </p>
      )}
    </>
  );
}

interface NamesProps {
  names: readonly string[];
  installed: readonly string[];
  onChange: (names: string[]) => void;
}

function Names({ names, installed, onChange }: NamesProps) {
  const list = useId();
  const [text, setText] = useState("");
  const offered = installed.filter((name) => !names.includes(name));
  const add = () => {
    const given = text.split(/[\s,]+/).filter((name) => name && !names.includes(name));
    if (given.length > 0) onChange([...names, ...new Set(given)]);
    setText("");
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  };
  return (
    <div className="mt-3 rounded-lg border border-line bg-surface p-3">
      <div className="flex gap-2">
        <Input
          aria-label="Name to allow"
          placeholder="Name, as in: import name"
          list={list}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm"
        />
        <datalist id={list}>
          {offered.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button onClick={add} disabled={!text.trim()}>
          Allow
        </Button>
      </div>
      {names.length === 0 && <p className="mt-3 text-muted">None: apps have Python's own library and nothing else.</p>}
      <ul aria-label="Allowed packages" className="mt-3 flex max-h-64 flex-wrap gap-1.5 overflow-y-auto empty:hidden">
        {names.map((name) => (
          <li
            key={name}
            className="flex items-center rounded-md border border-line-strong bg-bg pl-2 font-mono text-sm"
          >
            {name}
            <button
              type="button"
              aria-label={`Do not allow ${name}`}
              onClick={() => onChange(names.filter((one) => one !== name))}
              className="grid size-6 place-items-center rounded-sm text-muted hover:text-text pointer-coarse:size-11"
            >
              <X className="size-3.5" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
