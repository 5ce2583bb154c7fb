/** The start of an app: the empty state of the list, and the page of its own behind "New app". */
import { FilePlus2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import type { Template } from "@/lib/api/types";
import { NAME_CHARS, nameProblem } from "@/lib/app-name";
import { host } from "@/lib/format";
import { ImportZip } from "./import-zip";
import { TemplateCards } from "./template-cards";

interface Props {
  appsUrl: string;
  /** The caller's username: what is theirs stands first. */
  me: string;
  busy: string | null;
  error: unknown;
  onStart: (name: string | null, template: Template | null) => void;
  onImport: (name: string | null, archive: File) => void;
}

export const EMPTY = "empty";
export const ARCHIVE = "archive";

export function Start({ appsUrl, me, busy, error, onStart, onImport }: Props) {
  const [name, setName] = useState("");
  const wrong = nameProblem(name);
  const pick = (template: Template | null) => !wrong && onStart(name || null, template);
  const suffix = host(appsUrl).replace("{name}", "");
  return (
    <main className="mx-auto w-full max-w-[892px] px-4 pt-10 pb-12 sm:pt-[72px]">
      <h2 className="text-balance text-center font-semibold text-2xl">Start with something that works</h2>
      <p className="mt-2 text-balance text-center text-lg text-muted">
        Pick one and press Deploy. You will have an address in about a second.
      </p>
      <div className="mt-6 mb-5 flex flex-col items-center">
        <div className="flex max-w-full items-center gap-2">
          <label htmlFor="app-name" className="shrink-0 text-muted">
            Name
          </label>
          <Input
            id="app-name"
            value={name}
            onChange={(event) => setName(event.target.value.toLowerCase())}
            placeholder="a free one is found"
            aria-invalid={wrong ? true : undefined}
            aria-describedby="name-note"
            autoComplete="off"
            spellCheck={false}
            maxLength={NAME_CHARS}
            className="w-44 font-mono text-sm placeholder:font-sans placeholder:text-base max-sm:w-38"
          />
          <span className="truncate font-mono text-muted text-sm">{suffix}</span>
        </div>
        <p
          id="name-note"
          role={wrong || error ? "alert" : undefined}
          className="mt-1.5 min-h-[19px] text-center text-error"
        >
          {wrong ?? (error ? explain(error) : "")}
        </p>
      </div>
      <TemplateCards me={me} busy={busy} onPick={pick} />
      <div className="mt-5 flex flex-wrap items-center justify-center gap-2">
        <Button onClick={() => pick(null)} busy={busy === EMPTY} disabled={busy !== null}>
          <FilePlus2 aria-hidden />
          Empty file
        </Button>
        <ImportZip
          busy={busy === ARCHIVE}
          disabled={busy !== null || wrong !== undefined}
          onArchive={(archive) => onImport(name || null, archive)}
        />
        <span className="ml-1 text-muted">
          or from your terminal:{" "}
          <code className="whitespace-nowrap rounded-sm bg-raised px-1.5 py-1 text-sm text-text">
            fp init && fp deploy
          </code>
        </span>
      </div>
    </main>
  );
}
