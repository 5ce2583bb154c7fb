/** The request's body as text, with the type that it will be sent as. */
import { contentType, type TryRequest } from "../model/request";

interface Props {
  request: TryRequest;
  onChange: (body: string) => void;
}

export function BodyField({ request, onChange }: Props) {
  return (
    <div className="relative bg-bg">
      <textarea
        aria-label="Body"
        rows={4}
        value={request.body}
        onChange={(event) => onChange(event.target.value)}
        placeholder="No body"
        spellCheck={false}
        autoCapitalize="none"
        className="block max-h-72 min-h-[94px] w-full resize-y bg-bg px-3.5 pt-2.5 pb-6 [field-sizing:content] font-mono text-sm leading-5 outline-offset-[-2px] placeholder:text-faint pointer-coarse:text-[16px]"
      />
      {request.body && (
        <span className="pointer-events-none absolute right-4 bottom-1.5 bg-bg font-mono text-faint text-xs">
          {contentType(request.body)}
        </span>
      )}
    </div>
  );
}
