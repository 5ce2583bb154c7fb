/** Method, path and Send in one line. */
import { ChevronDown, LoaderCircle } from "lucide-react";
import { Button } from "@/components/ui/button";
import { methodColour } from "@/components/ui/method";
import { cn } from "@/lib/cn";
import { METHODS, type TryRequest } from "../model/request";

interface Props {
  request: TryRequest;
  busy: boolean;
  deployed: boolean;
  onChange: (request: TryRequest) => void;
}

export function RequestLine({ request, busy, deployed, onChange }: Props) {
  const methods = METHODS.includes(request.method as (typeof METHODS)[number]) ? METHODS : [...METHODS, request.method];
  return (
    <div className="mx-3.5 mb-1.5 flex h-[38px] items-center rounded-md border border-line-strong bg-bg pr-[3px] focus-within:border-focus pointer-coarse:h-[52px]">
      <select
        aria-label="Method"
        value={request.method}
        onChange={(event) => onChange({ ...request, method: event.target.value })}
        className={cn(
          "h-full appearance-none rounded-md bg-transparent pr-5 pl-2.5 [field-sizing:content] font-medium font-mono text-xs outline-offset-[-2px]",
          methodColour(request.method),
        )}
      >
        {methods.map((method) => (
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
        className="h-full min-w-0 flex-1 bg-transparent px-1 font-mono text-sm outline-none pointer-coarse:text-[16px]"
      />
      <Button type="submit" className="h-[30px]" disabled={!deployed || busy} aria-busy={busy || undefined}>
        {busy && <LoaderCircle className="animate-spin" aria-hidden />}
        Send
      </Button>
    </div>
  );
}
