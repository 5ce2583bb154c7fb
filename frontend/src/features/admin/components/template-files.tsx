/** A template's files, one text field each: they are added, renamed and taken out as in the editor, but for the one the app starts in. */
import { FilePlus, Pencil, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FileName } from "@/components/file-name";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/text-area";
import { newPathProblem, pathProblem } from "@/lib/paths";
import { toast } from "@/lib/toasts";
import { type Code, renamed, withFile, withoutFile } from "../model/template";

const ADDING = Symbol("a new file");

interface Props {
  code: Code;
  onChange: (next: (before: Code) => Code) => void;
}

export function TemplateFiles({ code, onChange }: Props) {
  const [asked, setAsked] = useState<string | typeof ADDING | null>(null);
  /** The one that the keyboard goes to. */
  const [reached, setReached] = useState<string | null>(null);
  const add = useRef<HTMLButtonElement>(null);
  const paths = Object.keys(code.files);
  const end = (path: string | null, change: (before: Code, path: string) => Code) => {
    setAsked(null);
    if (path === null) return;
    onChange((before) => change(before, path));
    setReached(path);
  };
  const remove = (path: string, text: string) => {
    onChange((before) => withoutFile(before, path));
    add.current?.focus();
    toast(`${path} is taken out`, { onUndo: () => onChange((before) => withFile(before, path, text)) });
  };
  return (
    <section aria-label="Files" className="mt-2">
      {Object.entries(code.files).map(([path, text]) => (
        <TemplateFile
          key={path}
          path={path}
          text={text}
          reached={path === reached}
          onText={(next) => onChange((before) => withFile(before, path, next))}
          onRename={() => setAsked(path)}
          onRemove={path === code.entrypoint ? undefined : () => remove(path, text)}
        >
          {asked === path && (
            <FileName
              label={`New name of ${path}`}
              initial={path}
              problemOf={(to) =>
                pathProblem(
                  to,
                  paths.filter((other) => other !== path),
                )
              }
              onDone={(to) => end(to, (before, next) => renamed(before, path, next))}
            />
          )}
        </TemplateFile>
      ))}
      {asked === ADDING && (
        <FileName
          label="New file"
          placeholder="name.py or folder/name.py"
          problemOf={(path) => newPathProblem(path, paths)}
          onDone={(path) => end(path, (before, added) => withFile(before, added, ""))}
        />
      )}
      <Button ref={add} size="small" className="mb-4" onClick={() => setAsked(ADDING)}>
        <FilePlus aria-hidden />
        Add a file
      </Button>
    </section>
  );
}

interface FileProps {
  path: string;
  text: string;
  reached: boolean;
  onText: (text: string) => void;
  onRename: () => void;
  /** Not where the app starts in it. */
  onRemove?: () => void;
  /** The field for its new name, while it is asked for. */
  children: React.ReactNode;
}

function TemplateFile({ path, text, reached, onText, onRename, onRemove, children }: FileProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (reached) area.current?.focus();
  }, [reached]);
  return (
    <div className="relative mt-2">
      <div className="absolute top-[-6px] right-0 flex">
        <Button look="quiet" size="icon" aria-label={`Rename ${path}`} title="Rename" onClick={onRename}>
          <Pencil aria-hidden />
        </Button>
        {onRemove && (
          <Button look="quiet" size="icon" aria-label={`Delete ${path}`} title="Delete" onClick={onRemove}>
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <TextArea
        ref={area}
        label={path}
        mono
        spellCheck={false}
        rows={Math.min(24, text.split("\n").length + 1)}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      {children}
    </div>
  );
}
