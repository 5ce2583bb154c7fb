/** What can be done with apps. Each verb shows at once where that is safe, and everything that lists apps asks again. */
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { App, AppStatus, FleetPage } from "@/lib/api/types";
import { appQuery, FLEET_KEY } from "@/lib/apps";

export type Verb = "wake" | "sleep" | "pause" | "resume" | "restart";

/** What an app is while the verb is under way, where that is known beforehand. */
const MEANWHILE: Partial<Record<Verb, AppStatus>> = { wake: "waking", restart: "waking", pause: "paused" };

function call(app: App, verb: Verb) {
  const params = { path: { key: app.id } };
  switch (verb) {
    case "wake":
      return body(api.POST("/api/apps/{key}/wake", { params }));
    case "sleep":
      return body(api.POST("/api/apps/{key}/sleep", { params }));
    case "pause":
      return body(api.POST("/api/apps/{key}/pause", { params }));
    case "resume":
      return body(api.POST("/api/apps/{key}/resume", { params }));
    case "restart":
      return body(api.POST("/api/apps/{key}/restart", { params }));
  }
}

const under = new Map<string, Promise<unknown>>();

/** One after another for each app: paused and resumed in a breath, it must not end paused because that came later. */
function inTurn<T>(app: App, run: () => Promise<T>): Promise<T> {
  const before = under.get(app.id) ?? Promise.resolve();
  const mine = before.then(run, run);
  under.set(app.id, mine);
  const done = () => void (under.get(app.id) === mine && under.delete(app.id));
  mine.then(done, done);
  return mine;
}

/** Shows the status wherever the app is on screen. */
function showStatus(client: QueryClient, app: App, status: AppStatus): void {
  client.setQueryData(appQuery(app.name).queryKey, (old) => old && { ...old, status });
  client.setQueriesData<FleetPage>({ queryKey: FLEET_KEY }, (page) =>
    page?.items.some((row) => row.app.id === app.id)
      ? {
          ...page,
          items: page.items.map((row) => (row.app.id === app.id ? { ...row, app: { ...row.app, status } } : row)),
        }
      : page,
  );
}

/** Asks for everything again that tells of apps. */
export async function askAgain(client: QueryClient, app?: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: FLEET_KEY }),
    client.invalidateQueries({ queryKey: ["summary"] }),
    app && client.invalidateQueries({ queryKey: appQuery(app).queryKey }),
  ]);
}

/** Wakes an app, puts it to sleep, and the like; the answer comes once it is so. */
export function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ app, verb }: { app: App; verb: Verb }) => inTurn(app, () => call(app, verb)),
    onMutate: async ({ app, verb }) => {
      const status = MEANWHILE[verb];
      await client.cancelQueries({ queryKey: FLEET_KEY });
      if (status) showStatus(client, app, status);
    },
    onSuccess: (state, { app }) => showStatus(client, app, state.status),
    onSettled: (_state, _error, { app }) => askAgain(client, app.name),
  });
}

/** Makes an app from a ZIP; the answer says what of it an app cannot have. */
export function useImportApp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ archive, name }: { archive: File; name: string | null }) =>
      body(
        api.POST("/api/apps/import", {
          params: { query: { name: name ?? undefined } },
          body: archive as unknown as string,
          bodySerializer: (file) => file as unknown as File,
          headers: { "Content-Type": "application/zip" },
        }),
      ),
    onSuccess: ({ app }) => {
      client.setQueryData(appQuery(app.name).queryKey, app);
      void askAgain(client);
    },
  });
}

export function useRenameApp(app: App) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      body(api.PATCH("/api/apps/{key}", { params: { path: { key: app.id } }, body: { name } })),
    onSuccess: (renamed) => {
      client.setQueryData(appQuery(renamed.name).queryKey, renamed);
      void askAgain(client);
    },
  });
}

export function useCloneApp(app: App) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      body(api.POST("/api/apps/{key}/clone", { params: { path: { key: app.id } }, body: { name: name || null } })),
    onSuccess: () => askAgain(client),
  });
}

/** Where the app's ZIP is; the browser fetches it itself. */
export function exportUrl(app: App): string {
  return `/api/apps/${app.id}/export`;
}
