/** The answer: status, time, the wake that was in it, body or headers. Its room is there before the first one comes. */
import { useState } from "react";
import { SunIcon } from "@/components/ui/mark";
import { StatusCode } from "@/components/ui/method";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { explain } from "@/lib/api/problem";
import type { TestResponse } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { highlightJson } from "@/lib/code/highlight";
import { duration, reason } from "@/lib/format";
import { shownBody } from "../model/request";
import { Numbered } from "./numbered";

interface Props {
  answer: TestResponse | undefined;
  error: unknown;
  busy: boolean;
  deployed: boolean;
  asleep: boolean;
}

export function Answer({ answer, error, busy, deployed, asleep }: Props) {
  return (
    <section
      aria-label="Response"
      aria-live="polite"
      aria-busy={busy}
      className={cn("min-h-[136px] shrink-0 border-line border-t", busy && "opacity-60")}
    >
      {error ? (
        <p role="alert" className="m-3.5 rounded-md bg-error-bg px-3 py-2 text-error">
          {explain(error)}
        </p>
      ) : answer ? (
        <AnswerBody answer={answer} />
      ) : (
        <p className="px-3.5 py-4 text-muted">
          {!deployed
            ? "Deploy first; then this request can be sent."
            : asleep
              ? "The app is asleep. Send wakes it; the answer says how long that took."
              : "The answer comes here."}
        </p>
      )}
    </section>
  );
}

function AnswerBody({ answer }: { answer: TestResponse }) {
  const [tab, setTab] = useState<"body" | "headers">("body");
  const shown = shownBody(answer);
  return (
    <>
      <div className="tnum flex h-10 items-center gap-2 pr-3.5 pl-5">
        <StatusCode status={answer.status} />
        <span className="truncate font-semibold">{reason(answer.status)}</span>
        <span className="shrink-0 text-muted">{duration(answer.ms)}</span>
        {answer.cold_start_ms !== null && (
          <span className="ml-auto flex shrink-0 items-center gap-1.5 text-waking">
            <SunIcon />
            woke in {duration(answer.cold_start_ms)}
          </span>
        )}
      </div>
      <Tabs value={tab} onChange={setTab}>
        <TabList label="Response parts" className="h-[34px] px-1.5">
          <Tab value="body">Body</Tab>
          <Tab value="headers">
            Headers <span className="tnum text-muted text-sm">{answer.headers.length}</span>
          </Tab>
        </TabList>
        <TabPanel value="body">
          {shown.text === "" ? (
            <p className="px-3.5 py-3 text-muted">The body is empty.</p>
          ) : (
            <Numbered lines={shown.text.split("\n").length}>
              {shown.json ? highlightJson(shown.text) : shown.text}
            </Numbered>
          )}
          {answer.truncated && <p className="px-3.5 py-2 text-muted text-sm">Only the first megabyte is shown.</p>}
        </TabPanel>
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
      </Tabs>
    </>
  );
}
