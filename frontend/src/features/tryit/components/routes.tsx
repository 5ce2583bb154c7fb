/** The app's routes as its own OpenAPI tells them; one press makes a request that the route would take. */
import { useState } from "react";
import { Method } from "@/components/ui/method";
import { SearchBox } from "@/components/ui/search-box";
import type { Route } from "../model/openapi";
import { Entry } from "./entry";

interface Props {
  routes: readonly Route[];
  current: Route | undefined;
  onPick: (route: Route) => void;
}

const SEARCHED_FROM = 9;

export function Routes({ routes, current, onPick }: Props) {
  const [words, setWords] = useState("");
  const shown = routes.filter((one) =>
    `${one.method} ${one.path} ${one.title}`.toLowerCase().includes(words.toLowerCase()),
  );
  return (
    <section aria-label="Routes" className="shrink-0 border-line border-t py-1.5">
      <h3 className="px-3.5 py-1.5 font-semibold text-sm">Routes</h3>
      {routes.length >= SEARCHED_FROM && (
        <SearchBox label="Search routes" value={words} onChange={setWords} className="mx-3.5 mb-1.5" />
      )}
      {routes.length === 0 && <p className="px-3.5 pb-1.5 text-muted">The app's OpenAPI names none.</p>}
      <ul>
        {shown.map((one) => (
          <Entry
            key={`${one.method} ${one.path}`}
            chosen={one === current}
            title={one.title || undefined}
            onPick={() => onPick(one)}
          >
            <Method method={one.method} className="w-11 shrink-0" />
            <span className="min-w-0 shrink-0 max-w-[60%] truncate font-mono text-sm">{one.path}</span>
            <span className="min-w-0 truncate text-muted">{one.title}</span>
          </Entry>
        ))}
      </ul>
    </section>
  );
}
