/** The requests that the app's template came with; one press puts one into the form. */
import { Method } from "@/components/ui/method";
import type { ExampleRequest } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { fromExample, sameRequest, type TryRequest } from "../model/request";

interface Props {
  examples: readonly ExampleRequest[];
  current: TryRequest;
  onPick: (example: ExampleRequest) => void;
}

export function Examples({ examples, current, onPick }: Props) {
  if (examples.length < 2) return null;
  return (
    <section aria-label="Examples" className="shrink-0 border-line border-t py-2">
      <h3 className="px-3.5 py-1 font-semibold text-sm">Examples</h3>
      <ul>
        {examples.map((example) => (
          <li key={`${example.method} ${example.path} ${example.name}`}>
            <button
              type="button"
              onClick={() => onPick(example)}
              className={cn(
                "flex h-[29px] w-full items-center gap-2 px-3.5 text-left hover:bg-raised focus-visible:outline-offset-[-2px] pointer-coarse:h-10",
                sameRequest(fromExample(example), current) && "bg-raised",
              )}
            >
              <Method method={example.method} className="w-10 shrink-0" />
              <span className="truncate">{example.name || example.path}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
