/** The audit log by pages, newest first. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";
import type { AuditWanted } from "../model/audit";

export type AuditEntry = components["schemas"]["AuditEntry"];

export function useAudit(wanted: AuditWanted) {
  return useInfiniteQuery({
    queryKey: ["admin", "audit", wanted],
    queryFn: ({ pageParam, signal }) =>
      body(api.GET("/api/admin/audit", { params: { query: { ...wanted, cursor: pageParam, limit: 100 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}
