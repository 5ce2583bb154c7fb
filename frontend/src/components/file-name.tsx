/** A name for a new or renamed file or folder. Enter takes it, Escape and leaving it empty give it up; what is wrong is said beneath. */
import { useEffect, useRef, useState } from "react";
import { Input } from "@/components/ui/field";
import { baseName } from "@/lib/paths";

interface Props {
  label: string;
  initial?: string;
  placeholder?: string;
  /** What is wrong with a name, null when nothing is. */
  problemOf: (path: string) => string | null;
  onDone: (path: string | null) => void;
}

export function FileName({ label, initial = "", placeholder, problemOf, onDone }: Props) {
  const [path, setPath] = useState(initial);
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  const same = path === initial;
  const problem = same && initial ? null : problemOf(path);
  // Of a name, the part that is likely to change is chosen: not its folders, not its ending.
  useEffect(() => {
    const name = baseName(initial);
    const dot = name.lastIndexOf(".");
    input.current?.focus();
    input.current?.setSelectionRange(
      initial.length - name.length,
      dot > 0 ? initial.length - name.length + dot : initial.length,
    );
  }, [initial]);
  const end = (result: string | null) => {
    if (over.current) return;
    over.current = true;
    onDone(result);
  };
  const finish = () => (problem ? setTried(true) : end(same && initial ? null : path));
  return (
    <div className="px-1 pb-1">
      <Input
        ref={input}
        aria-label={label}
        aria-invalid={tried && problem ? true : undefined}
        aria-describedby="file-name-note"
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        value={path}
        onChange={(event) => setPath(event.target.value.trimStart())}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") end(null);
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          // It may stand in a form, which it must not send.
          event.preventDefault();
          finish();
        }}
        onBlur={() => (problem ? end(null) : finish())}
        className="h-7 px-2 font-mono text-sm"
      />
      <p id="file-name-note" role={tried && problem ? "alert" : undefined} className="mt-1 text-error text-xs">
        {tried ? problem : ""}
      </p>
    </div>
  );
}
