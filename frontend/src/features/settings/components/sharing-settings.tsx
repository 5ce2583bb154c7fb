/** Title, words and picture for chats, beside how a chat would show them. */
import { useEffect, useState } from "react";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import type { App, AppSettings } from "@/lib/api/types";
import { host } from "@/lib/format";
import { useChangeSettings } from "../api/settings";
import { Saving } from "./saving";

interface Words {
  title: string;
  description: string;
  picture: string;
}

function wordsOf(settings: AppSettings): Words {
  const { title, description, picture } = settings.sharing ?? {};
  return { title: title ?? "", description: description ?? "", picture: picture ?? "" };
}

export function SharingSettings({ app, settings }: { app: App; settings: AppSettings }) {
  const change = useChangeSettings(app.id);
  const kept = wordsOf(settings);
  const key = JSON.stringify(kept);
  const [words, setWords] = useState(kept);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of what is kept counts
  useEffect(() => setWords(kept), [key]);
  const set = (part: Partial<Words>) => setWords({ ...words, ...part });
  return (
    <form
      className="grid gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,1fr)_220px]"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ sharing: words });
      }}
    >
      <div>
        <Field label="Title" value={words.title} onChange={(event) => set({ title: event.target.value })} />
        <TextArea
          label="Description"
          rows={2}
          value={words.description}
          onChange={(event) => set({ description: event.target.value })}
        />
        <Field
          label="Picture"
          value={words.picture}
          placeholder="/static/card.png"
          hint="A path of the app, or an address that starts with https://"
          onChange={(event) => set({ picture: event.target.value })}
          spellCheck={false}
        />
        <Saving
          dirty={JSON.stringify(words) !== key}
          busy={change.isPending}
          saved={change.isSuccess}
          error={change.error}
          onReset={() => setWords(kept)}
        />
      </div>
      <div aria-label="How a chat shows it" role="img" className="self-start rounded-md border border-line bg-bg">
        <div className="grid h-24 place-items-center border-line border-b text-center text-faint text-sm">
          <span className="max-w-full truncate px-2 font-mono text-xs">{words.picture || "no picture"}</span>
        </div>
        <div className="p-3">
          <p className="truncate font-semibold">{words.title || app.name}</p>
          <p className="line-clamp-2 min-h-[2lh] text-muted text-sm">{words.description}</p>
          <p className="mt-1 truncate font-mono text-faint text-xs">{host(app.url)}</p>
        </div>
      </div>
    </form>
  );
}
