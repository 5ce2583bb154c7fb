/** An app's figures: of today, and the last 24 hours as points, half an hour each. */
import { useQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";

const FIGURES_MS = 15_000;

/** Since the last midnight of whoever looks. */
export function useToday(app: string) {
  const midnight = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
  return useQuery({
    queryKey: ["figures", app, "today", midnight],
    queryFn: ({ signal }) =>
      body(api.GET("/api/apps/{key}/metrics", { params: { path: { key: app }, query: { since: midnight } }, signal })),
    refetchInterval: FIGURES_MS,
  });
}

export function useLastDay(app: string) {
  return useQuery({
    queryKey: ["figures", app, "24h"],
    queryFn: ({ signal }) =>
      body(api.GET("/api/apps/{key}/metrics", { params: { path: { key: app }, query: { range: "24h" } }, signal })),
    refetchInterval: FIGURES_MS,
  });
}
