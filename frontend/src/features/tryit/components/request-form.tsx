/** Method, path and body. Enter in the path sends; the panel says why it cannot before the first deploy. */
import { ChevronDown, LoaderCircle } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { methodColour } from "@/components/ui/method";
import { cn } from "@/lib/cn";
import { asCurl, contentType, METHODS, type TryRequest, takesBody } from "../model/request";

interface Props {
  request: TryRequest;
  url: string;
  busy: boolean;
  deployed: boolean;
  onChange: (request: TryRequest) => void;
  onSend: () => void;
}

export function RequestForm({ request, url, busy, deployed, onChange, onSend }: Props) {
  return (
    <form
      className="shrink-0 px-3.5 pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (deployed && !busy) onSend();
      }}
    >
      <div className="flex h-[37px] items-center justify-between">
        <h2 className="font-semibold text-sm">Try it</h2>
        <CopyButton text={asCurl(request, url)} label="Copy as curl" className="-mr-2 h-7 text-sm">
          curl
        </CopyButton>
      </div>
      <div className="flex h-[38px] items-center rounded-md border border-line-strong bg-bg pr-[3px] focus-within:border-focus">
        <select
          aria-label="Method"
          value={request.method}
          onChange={(event) => onChange({ ...request, method: event.target.value })}
          className={cn(
            "h-full appearance-none rounded-md bg-transparent pr-5 pl-2.5 [field-sizing:content] font-medium font-mono text-xs outline-offset-[-2px]",
            methodColour(request.method),
          )}
        >
          {METHODS.map((method) => (
            <option key={method} className="bg-surface text-text">
              {method}
            </option>
          ))}
        </select>
        <ChevronDown className="pointer-events-none -ml-[18px] size-3.5 text-muted" aria-hidden />
        <span className="mx-1.5 h-5 w-px bg-line" aria-hidden />
        <input
          aria-label="Path"
          value={request.path}
          onChange={(event) => onChange({ ...request, path: event.target.value })}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          className="h-full min-w-0 flex-1 bg-transparent px-1 font-mono text-sm outline-none"
        />
        <Button
          type="submit"
          className="h-[30px] pointer-coarse:h-[30px]"
          disabled={!deployed || busy}
          aria-busy={busy || undefined}
        >
          {busy && <LoaderCircle className="animate-spin" aria-hidden />}
          Send
        </Button>
      </div>
      {takesBody(request.method) && (
        <>
          <div className="mt-3 mb-1.5 flex items-baseline justify-between">
            <label htmlFor="try-body" className="font-medium text-sm">
              Body
            </label>
            {request.body && <span className="font-mono text-muted text-xs">{contentType(request.body)}</span>}
          </div>
          <textarea
            id="try-body"
            rows={4}
            value={request.body}
            onChange={(event) => onChange({ ...request, body: event.target.value })}
            spellCheck={false}
            autoCapitalize="none"
            className="block max-h-72 min-h-[74px] w-full resize-y rounded-md [field-sizing:content] border border-line bg-bg px-2.5 py-2 font-mono text-sm leading-5"
          />
        </>
      )}
    </form>
  );
}
