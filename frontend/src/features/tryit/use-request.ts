/** The request in the form and those that were sent: both kept on this device, under the app's id. */
import { useEffect, useState } from "react";
import type { ExampleRequest } from "@/lib/api/types";
import { readLocal, writeLocal } from "@/lib/local";
import { remembered, type Sent } from "./model/history";
import { FIRST, fromExample, type TryRequest } from "./model/request";

/** The last request of this app on this device; until there is one, the first that was saved, as soon as it is known. */
export function useRequest(app: string, first: ExampleRequest | undefined) {
  const key = `fp:try:${app}`;
  const [own, setOwn] = useState<TryRequest | null>(() => readLocal<TryRequest>(key));
  useEffect(() => setOwn(readLocal<TryRequest>(key)), [key]);
  const set = (request: TryRequest) => {
    setOwn(request);
    writeLocal(key, request);
  };
  return [own ?? (first ? fromExample(first) : FIRST), set] as const;
}

export function useHistory(app: string) {
  const key = `fp:tried:${app}`;
  const [history, setHistory] = useState<Sent[]>(() => readLocal<Sent[]>(key) ?? []);
  useEffect(() => setHistory(readLocal<Sent[]>(key) ?? []), [key]);
  const add = (sent: Sent) =>
    setHistory((before) => {
      const after = remembered(before, sent);
      writeLocal(key, after);
      return after;
    });
  return [history, add] as const;
}
