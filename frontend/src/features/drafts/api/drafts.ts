/** Reading, saving and checking a draft. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { Draft } from "@/lib/api/types";
import type { Files } from "../model/merge";

export function getDraft(app: string): Promise<Draft> {
  return body(api.GET("/api/apps/{key}/draft", { params: { path: { key: app } } }));
}

/** Saves all files. Fails with `draft_changed` when the server's draft is no longer the one that `etag` names. */
export function putDraft(app: string, files: Files, entrypoint: string, etag: string): Promise<Draft> {
  const params = { path: { key: app }, header: { "If-Match": `"${etag}"` } };
  return body(api.PUT("/api/apps/{key}/draft", { params, body: { files, entrypoint } }));
}

/** What a deploy would find wrong with the saved draft. One answer for each `etag`; the last one stays until the next. */
export function useValidation(app: string | null, etag: string) {
  return useQuery({
    queryKey: ["validation", app, etag],
    queryFn: ({ signal }) =>
      body(api.POST("/api/apps/{key}/validate", { params: { path: { key: app ?? "" } }, signal })),
    enabled: app !== null && etag !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
