/** The answer: status, time, the wake that was in it, and its parts. Its room is there before the first one comes. */
import { SunIcon } from "@/components/ui/mark";
import { StatusCode } from "@/components/ui/method";
import { explain } from "@/lib/api/problem";
import type { TestResponse } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { duration, reason } from "@/lib/format";
import { AnswerParts } from "./answer-parts";

interface Props {
  answer: TestResponse | undefined;
  error: unknown;
  busy: boolean;
  deployed: boolean;
  asleep: boolean;
  /** Puts where the answer redirects to into the form. */
  onFollow: (path: string) => void;
}

export function Answer({ answer, error, busy, deployed, asleep, onFollow }: Props) {
  return (
    <section
      aria-label="Response"
      aria-live="polite"
      aria-busy={busy}
      className={cn("min-h-[136px] shrink-0 border-line border-t", busy && answer && "opacity-60")}
    >
      {error ? (
        <p role="alert" className="m-3.5 rounded-md bg-error-bg px-3 py-2 text-error">
          {explain(error)}
        </p>
      ) : answer ? (
        <AnswerBody answer={answer} onFollow={onFollow} />
      ) : (
        <p className="px-3.5 py-4 text-muted">
          {busy && asleep
            ? "Waking the app"
            : busy
              ? "Waiting for the answer"
              : !deployed
                ? "Deploy first; then this request can be sent."
                : asleep
                  ? "The app is asleep. Send wakes it; the answer says how long that took."
                  : "The answer comes here."}
        </p>
      )}
    </section>
  );
}

function AnswerBody({ answer, onFollow }: { answer: TestResponse; onFollow: (path: string) => void }) {
  const redirect = answer.redirect;
  return (
    <>
      <div className="tnum flex h-10 items-center gap-2 px-3.5">
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
      {redirect && (
        <p className="flex min-w-0 items-center gap-2 px-3.5 pb-2 text-sm">
          <span className="shrink-0 text-muted">leads to</span>
          {redirect.startsWith("/") && !redirect.startsWith("//") ? (
            <button
              type="button"
              onClick={() => onFollow(redirect)}
              className="truncate rounded-sm font-mono underline underline-offset-2 pointer-coarse:min-h-11"
            >
              {redirect}
            </button>
          ) : (
            <span className="truncate font-mono">{redirect}</span>
          )}
        </p>
      )}
      <AnswerParts answer={answer} />
    </>
  );
}
