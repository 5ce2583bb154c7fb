/** A name for a new or renamed file. Enter takes it, Escape and leaving it empty give it up; what is wrong is said beneath. */
import { useState } from "react";
import { Input } from "@/components/ui/field";
import { pathProblem } from "../model/tree";

interface Props {
  label: string;
  initial?: string;
  taken: readonly string[];
  onDone: (path: string | null) => void;
}

export function FileName({ label, initial = "", taken, onDone }: Props) {
  const [path, setPath] = useState(initial);
  const [tried, setTried] = useState(false);
  const problem =
    path === initial && initial
      ? null
      : pathProblem(
          path,
          taken.filter((other) => other !== initial),
        );
  const finish = () => (problem ? setTried(true) : onDone(path === initial ? null : path));
  return (
    <form
      className="px-1 pb-1"
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <Input
        aria-label={label}
        aria-invalid={tried && problem ? true : undefined}
        aria-describedby="file-name-note"
        placeholder="folder/name.py"
        autoFocus
        spellCheck={false}
        autoComplete="off"
        value={path}
        onChange={(event) => setPath(event.target.value.trim())}
        onKeyDown={(event) => event.key === "Escape" && onDone(null)}
        onBlur={() => (problem ? onDone(null) : finish())}
        className="h-7 px-2 font-mono text-sm"
      />
      <p id="file-name-note" role={tried && problem ? "alert" : undefined} className="mt-1 text-error text-xs">
        {tried ? problem : ""}
      </p>
    </form>
  );
}
