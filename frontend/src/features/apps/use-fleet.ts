/** The part of the fleet that is on screen, kept fresh; parts that were scrolled past are asked for when they come back. */
import { useQueries } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { FleetPage, FleetRow } from "@/lib/api/types";
import { type FleetAsked, fleetQuery } from "@/lib/apps";
import { PART, partsOf, rowAt } from "./fleet";

/** What is flown past is not asked for. */
const REST_MS = 80;

export interface Fleet {
  total: number | undefined;
  counts: Readonly<Record<string, number>> | undefined;
  error: unknown;
  retry: () => void;
  row: (index: number) => FleetRow | undefined;
  /** The same function until other rows have come: a list asks it ten thousand times when it is another one. */
  keyOf: (index: number) => string;
  /** Tells which rows are in sight. */
  see: (first: number, last: number) => void;
}

export function useFleet(asked: Pick<FleetAsked, "q" | "status" | "sort">): Fleet {
  const [parts, setParts] = useState<readonly number[]>([0]);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const see = useCallback((first: number, last: number) => {
    clearTimeout(resting.current);
    resting.current = setTimeout(() => {
      const wanted = partsOf(first, last);
      setParts((parts) => (String(wanted) === String(parts) ? parts : wanted));
    }, REST_MS);
  }, []);
  const results = useQueries({
    queries: parts.map((offset) => ({
      ...fleetQuery({ ...asked, offset, limit: PART }),
      placeholderData: (old: FleetPage | undefined) => (old?.offset === offset ? old : undefined),
    })),
  });
  const pages = results.map((result) => result.data);
  const latest = useRef(pages);
  latest.current = pages;
  const stamp = results.map((result) => result.dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another function when, and only when, other rows have come
  const keyOf = useCallback((index: number) => rowAt(latest.current, index)?.app.id ?? `row-${index}`, [stamp, parts]);
  // What is known of the whole outlives the moment in which a new part has not come.
  const whole = useRef<FleetPage>(undefined);
  whole.current = pages.find(Boolean) ?? whole.current;
  return {
    total: whole.current?.total,
    counts: whole.current?.counts,
    error: results.find((result) => result.isError && !result.data)?.error,
    retry: () => results.forEach((result) => void result.refetch()),
    row: (index) => rowAt(pages, index),
    keyOf,
    see,
  };
}
