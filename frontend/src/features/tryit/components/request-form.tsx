/** Method, path, body, headers and query. Enter in the path sends; the panel says why it cannot before the first deploy. */
import { useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import type { Doubt, Route } from "../model/openapi";
import { asCurl, asHttpx, filled, queryOf, type TryRequest, takesBody, withQuery } from "../model/request";
import { BodyField } from "./body-field";
import { Doubts } from "./doubts";
import { PairRows } from "./pair-rows";
import { RequestLine } from "./request-line";

interface Props {
  request: TryRequest;
  route: Route | undefined;
  doubts: readonly Doubt[];
  /** Whether the app's own OpenAPI is there. */
  known: boolean;
  url: string;
  busy: boolean;
  deployed: boolean;
  onChange: (request: TryRequest) => void;
  onSend: () => void;
}

type Part = "body" | "headers" | "query";

export function RequestForm({ request, route, doubts, known, url, busy, deployed, onChange, onSend }: Props) {
  const [part, setPart] = useState<Part>("body");
  const bodied = takesBody(request.method);
  const shown = part === "body" && !bodied ? "query" : part;
  const query = queryOf(request.path);
  const names = (place: string) => route?.parameters.filter((one) => one.place === place) ?? [];
  return (
    <form
      className="shrink-0"
      onSubmit={(event) => {
        event.preventDefault();
        if (deployed && !busy) onSend();
      }}
    >
      <div className="flex h-[37px] items-center justify-between px-3.5">
        <h2 className="font-semibold text-sm">Try it</h2>
        {known && <span className="text-muted text-sm">from this app's OpenAPI</span>}
      </div>
      <RequestLine request={request} busy={busy} deployed={deployed} onChange={onChange} />
      <Tabs<Part> value={shown} onChange={setPart}>
        <div className="flex items-center border-line border-b pr-2">
          <TabList label="Request parts" className="h-[38px] flex-1 border-b-0 px-1.5">
            {bodied && <Tab value="body">Body</Tab>}
            <Tab value="query">
              Query <Count of={query.length} />
            </Tab>
            <Tab value="headers">
              Headers <Count of={filled(request.headers).length} />
            </Tab>
          </TabList>
          <CopyButton text={asCurl(request, url)} label="Copy as curl" className="h-7 text-sm">
            curl
          </CopyButton>
          <CopyButton text={asHttpx(request, url)} label="Copy as httpx" className="h-7 text-sm">
            httpx
          </CopyButton>
        </div>
        {bodied && (
          <TabPanel value="body">
            <BodyField request={request} onChange={(body) => onChange({ ...request, body })} />
          </TabPanel>
        )}
        <TabPanel value="query">
          <PairRows
            kind="Query"
            pairs={query}
            known={names("query")}
            onChange={(pairs) => onChange({ ...request, path: withQuery(request.path, pairs) })}
          />
        </TabPanel>
        <TabPanel value="headers">
          <PairRows
            kind="Header"
            pairs={request.headers ?? []}
            known={names("header")}
            onChange={(headers) => onChange({ ...request, headers })}
          />
        </TabPanel>
      </Tabs>
      <Doubts doubts={doubts} />
    </form>
  );
}

function Count({ of }: { of: number }) {
  return of > 0 ? <span className="tnum text-muted text-sm">{of}</span> : null;
}
