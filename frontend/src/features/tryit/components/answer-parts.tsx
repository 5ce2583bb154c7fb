/** The parts of an answer as tabs: the body as what it is and as its text, the headers, where the time went. */
import { useMemo, useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import type { TestResponse } from "@/lib/api/types";
import { shownBody } from "../model/answer";
import { BodyShown, BodyText } from "./body-shown";
import { Timing } from "./timing";

type Part = "body" | "text" | "headers" | "timing";

export function AnswerParts({ answer }: { answer: TestResponse }) {
  const [part, setPart] = useState<Part>("body");
  const shown = useMemo(() => shownBody(answer), [answer]);
  const twofold = shown.kind === "json" || shown.kind === "html";
  const value = part === "text" && !twofold ? "body" : part;
  return (
    <Tabs<Part> value={value} onChange={setPart}>
      <div className="flex items-center border-line border-b pr-2">
        <TabList label="Response parts" className="h-[34px] flex-1 border-b-0 px-1.5">
          <Tab value="body">{shown.kind === "html" ? "Page" : shown.kind === "json" ? "Tree" : "Body"}</Tab>
          {twofold && <Tab value="text">Text</Tab>}
          <Tab value="headers">
            Headers <span className="tnum text-muted text-sm">{answer.headers.length}</span>
          </Tab>
          <Tab value="timing">Timing</Tab>
        </TabList>
        {answer.encoding !== "base64" && answer.body !== "" && <CopyButton text={answer.body} label="Copy the body" />}
      </div>
      <TabPanel value="body">
        <BodyShown shown={shown} />
        {answer.truncated && <p className="px-3.5 py-2 text-muted text-sm">Only the first megabyte is shown.</p>}
      </TabPanel>
      {twofold && (
        <TabPanel value="text">
          <BodyText text={shown.text} json={shown.kind === "json"} />
        </TabPanel>
      )}
      <TabPanel value="headers">
        <dl className="max-h-80 overflow-auto bg-bg px-3.5 py-2 font-mono text-sm">
          {answer.headers.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and the list never changes
            <div key={index} className="flex gap-2 py-0.5">
              <dt className="shrink-0 text-muted">{name}</dt>
              <dd className="min-w-0 break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </TabPanel>
      <TabPanel value="timing">
        <Timing answer={answer} />
      </TabPanel>
    </Tabs>
  );
}
