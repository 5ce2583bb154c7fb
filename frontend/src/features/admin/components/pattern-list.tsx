/** The patterns that validation looks for, each with its switch: on means that it is refused. */
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";
import { patternsQuery } from "../api/settings";

interface Props {
  off: readonly string[];
  onChange: (off: string[]) => void;
}

const SHOWN = 3;

export function PatternList({ off, onChange }: Props) {
  const query = useQuery(patternsQuery);
  if (query.isPending) return <div className="skeleton h-80" aria-busy="true" />;
  if (!query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="divide-y divide-line rounded-lg border border-line bg-surface px-3.5">
      {query.data.map(({ name, message, examples }) => (
        <Switch
          key={name}
          label={name}
          hint={
            <>
              Refuses what {message}: <code className="break-words">{examples.slice(0, SHOWN).join(", ")}</code>
              {examples.length > SHOWN && " and more"}
            </>
          }
          checked={!off.includes(name)}
          onChange={(on) => onChange(on ? off.filter((one) => one !== name) : [...off, name])}
          className="py-2.5"
        />
      ))}
    </div>
  );
}
