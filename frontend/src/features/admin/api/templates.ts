/** All templates, hidden ones too, and what an administrator changes about them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";
import type { Template } from "@/lib/api/types";
import { templatesQuery } from "@/lib/templates";

export type TemplatePatch = components["schemas"]["TemplatePatch"];
type TemplateCreate = components["schemas"]["TemplateCreate"];

const PLAIN: Pick<TemplateCreate, "files" | "entrypoint" | "icon" | "category" | "tags" | "examples"> = {
  files: null,
  entrypoint: "app.py",
  icon: "file-code",
  category: "other",
  tags: [],
  examples: [],
};

const TEMPLATES = ["admin", "templates"] as const;

export const allTemplatesQuery = queryOptions({
  queryKey: TEMPLATES,
  queryFn: async ({ signal }) => {
    const items: Template[] = [];
    let cursor: string | undefined;
    do {
      const page = await body(api.GET("/api/templates", { params: { query: { cursor, limit: 200 } }, signal }));
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor);
    return items;
  },
});

/** One with its files. */
export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: [...TEMPLATES, id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/templates/{template_id}", { params: { path: { template_id: id } }, signal })),
    refetchOnWindowFocus: false,
  });

function useChange<T, R>(change: (given: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: templatesQuery.queryKey });
      return client.invalidateQueries({ queryKey: TEMPLATES });
    },
  });
}

export const useChangeTemplate = () =>
  useChange(({ id, ...patch }: TemplatePatch & { id: string }) =>
    body(api.PATCH("/api/templates/{template_id}", { params: { path: { template_id: id } }, body: patch })),
  );

/** For everybody, of an app's draft with the requests that are saved for it. */
export const useAddTemplate = () =>
  useChange((given: Pick<TemplateCreate, "name" | "description"> & { app: string }) =>
    body(api.POST("/api/templates", { body: { ...PLAIN, ...given, platform: true } })),
  );

/** Of a built-in one this takes back what was changed. */
export const useDeleteTemplate = () =>
  useChange((id: string) => api.DELETE("/api/templates/{template_id}", { params: { path: { template_id: id } } }));
