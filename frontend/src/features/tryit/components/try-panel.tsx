/** The test panel: a request that works, its answer with the wake in it, and the app's examples. */
import { useEffect, useState } from "react";
import type { App, ExampleRequest } from "@/lib/api/types";
import { readLocal, writeLocal } from "@/lib/local";
import { useSend } from "../api/send";
import { FIRST, fromExample, type TryRequest } from "../model/request";
import { Answer } from "./answer";
import { Examples } from "./examples";
import { RequestForm } from "./request-form";

interface Props {
  app: App;
  examples: readonly ExampleRequest[];
  children?: React.ReactNode;
}

export function TryPanel({ app, examples, children }: Props) {
  const [request, setRequest] = useRequest(app.id, examples);
  const send = useSend(app.id);
  const deployed = app.version !== null;
  return (
    <section aria-label="Try it" className="flex h-full min-h-0 flex-col overflow-y-auto bg-surface">
      <RequestForm
        request={request}
        url={app.url}
        busy={send.isPending}
        deployed={deployed}
        onChange={setRequest}
        onSend={() => send.mutate(request)}
      />
      <Answer
        answer={send.data}
        error={send.error}
        busy={send.isPending}
        deployed={deployed}
        asleep={app.status === "sleeping"}
      />
      <Examples examples={examples} current={request} onPick={(example) => setRequest(fromExample(example))} />
      {children}
    </section>
  );
}

/** The last request of this app on this device; until there is one, the first example, as soon as it is known. */
function useRequest(app: string, examples: readonly ExampleRequest[]) {
  const key = `fp:try:${app}`;
  const [own, setOwn] = useState<TryRequest | null>(() => readLocal<TryRequest>(key));
  useEffect(() => setOwn(readLocal<TryRequest>(key)), [key]);
  const set = (request: TryRequest) => {
    setOwn(request);
    writeLocal(key, request);
  };
  const first = examples[0];
  return [own ?? (first ? fromExample(first) : FIRST), set] as const;
}
