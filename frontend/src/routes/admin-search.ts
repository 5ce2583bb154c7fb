/** The sections of the administration, and what their addresses say beside the section. */
import type { QueryClient } from "@tanstack/react-query";
import { notFound } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/auth";
import { optional } from "@/lib/search";

export const ADMIN_SECTIONS = {
  overview: "Overview",
  users: "Users",
  apps: "Apps",
  settings: "Settings",
  templates: "Templates",
  audit: "Audit log",
  backup: "Backup",
} as const;
export type AdminSection = keyof typeof ADMIN_SECTIONS;

export const isSection = (name: string): name is AdminSection => Object.hasOwn(ADMIN_SECTIONS, name);

/** What the sections are narrowed to, and what of them is open. Each reads its own. */
export interface AdminSearch {
  q?: string;
  user?: string;
  app?: string;
  operation?: string;
  outcome?: string;
  since?: string;
  until?: string;
  chosen?: string;
}

const KEYS = ["q", "user", "app", "operation", "outcome", "since", "until", "chosen"] as const;

export function readAdmin(search: Record<string, unknown>): AdminSearch {
  return optional(Object.fromEntries(KEYS.map((key) => [key, text(search[key])])));
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

interface Visit {
  context: { queryClient: QueryClient };
  params: { section: string };
}

/** For who is no administrator there is nothing here. */
export async function admit({ context, params }: Visit): Promise<void> {
  const me = await context.queryClient.ensureQueryData(meQuery);
  if (!me.admin || !isSection(params.section)) throw notFound();
}
