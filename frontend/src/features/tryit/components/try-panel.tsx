/** The test panel: a request that works, its answer with the wake in it, the app's routes, and what was saved and sent. */
import { useMemo } from "react";
import type { App } from "@/lib/api/types";
import { useExamples, useSaveExamples } from "../api/examples";
import { useOpenapi } from "../api/openapi";
import { useSend } from "../api/send";
import { doubts, requestFor, routeFor, routesOf } from "../model/openapi";
import { fromExample, type TryRequest } from "../model/request";
import { useHistory, useRequest } from "../use-request";
import { Answer } from "./answer";
import { History } from "./history";
import { RequestForm } from "./request-form";
import { Routes } from "./routes";
import { Saved } from "./saved";

interface Props {
  app: App;
  children?: React.ReactNode;
}

export function TryPanel({ app, children }: Props) {
  const deployed = app.version !== null;
  const examples = useExamples(app.id);
  const save = useSaveExamples(app.id);
  const openapi = useOpenapi(app.id, app.version, app.status === "running");
  const document = openapi.data?.document;
  const routes = useMemo(() => (document ? routesOf(document) : []), [document]);
  const [request, setRequest] = useRequest(app.id, examples.data?.[0]);
  const [history, remember] = useHistory(app.id);
  const send = useSend(app.id);
  const route = routeFor(routes, request);
  const doubted = document && route ? doubts(document, route, request) : [];
  const fire = (what: TryRequest) =>
    send.mutate(what, {
      onSuccess: (answer) => remember({ request: what, status: answer.status, ms: answer.ms, at: Date.now() }),
    });
  return (
    <section aria-label="Try it" className="flex h-full min-h-0 flex-col overflow-y-auto bg-surface">
      <RequestForm
        request={request}
        route={route}
        doubts={doubted}
        known={routes.length > 0}
        url={app.url}
        busy={send.isPending}
        deployed={deployed}
        onChange={setRequest}
        onSend={() => fire(request)}
      />
      <Answer
        answer={send.data}
        error={send.error}
        busy={send.isPending}
        deployed={deployed}
        asleep={app.status === "sleeping"}
        onFollow={(path) => setRequest({ method: "GET", path, body: "" })}
      />
      <Saved
        examples={examples.data}
        error={examples.error ?? save.error}
        current={request}
        onSave={(items) => save.mutate(items)}
        onPick={(example) => setRequest(fromExample(example))}
      />
      {document && <Routes routes={routes} current={route} onPick={(one) => setRequest(requestFor(document, one))} />}
      <History history={history} onPick={setRequest} />
      {children}
    </section>
  );
}
