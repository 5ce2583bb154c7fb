/**
 * Brings the draft to the server: a moment after the last keystroke, again after a failure, at once when asked (deploy,
 * Cmd-S, a new login). A save that meets a draft changed elsewhere merges, and asks only where both changed one file.
 */
import { ApiError, explain } from "@/lib/api/problem";
import type { Draft } from "@/lib/api/types";
import { room } from "@/lib/paths";
import { differing, type Files, merge } from "./model/merge";
import { backoff } from "./model/save-state";
import type { stash as Stash } from "./model/stash";
import type { tabs as Tabs } from "./model/tabs";
import { useEditorStore } from "./store";

const REST_MS = 600;
const STASH_MS = 200;

export interface Transport {
  get: (app: string) => Promise<Draft>;
  put: (app: string, files: Files, entrypoint: string, etag: string) => Promise<Draft>;
  stash: typeof Stash;
  tabs: typeof Tabs;
}

export class DraftSaver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stashTimer: ReturnType<typeof setTimeout> | undefined;
  private current: Promise<void> | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly app: string,
    private readonly transport: Transport,
  ) {}

  /** Opens the server's draft, with what this device still holds on top of it, and watches for edits until `stop`. */
  async start(): Promise<void> {
    const draft = await this.transport.get(this.app);
    useEditorStore.getState().load(this.app, draft, this.transport.tabs.read(this.app));
    this.recover(draft);
    this.unsubscribe = useEditorStore.subscribe((state, before) => {
      if (state.revision !== before.revision) this.onEdit();
      if (state.open !== before.open || state.active !== before.active) this.keepTabs();
    });
    if (useEditorStore.getState().save.phase === "dirty") this.onEdit();
  }

  stop(): void {
    this.unsubscribe();
    clearTimeout(this.timer);
    clearTimeout(this.stashTimer);
    this.writeStash();
  }

  /** Saves what is not saved. True when the server then has everything; false says why in the store. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    for (;;) {
      await this.current;
      const { phase } = useEditorStore.getState().save;
      if (phase === "saved") return true;
      if (phase === "conflict") return false;
      await this.send();
      if (useEditorStore.getState().save.phase === "failed") return false;
    }
  }

  /** Learns which files still differ from the live version, after a deploy made another one live. */
  async refresh(): Promise<void> {
    const draft = await this.transport.get(this.app);
    const { app, base, saved } = useEditorStore.getState();
    if (app === this.app && base.etag === draft.etag) saved(draft);
  }

  writeStash = (): void => {
    const { app, files, entrypoint, base, save } = useEditorStore.getState();
    if (app !== this.app || save.phase === "saved") return;
    this.transport.stash.write(app, { files, entrypoint, base: base.files, etag: base.etag });
  };

  private keepTabs(): void {
    const { app, open, active } = useEditorStore.getState();
    if (app === this.app) this.transport.tabs.write(app, { open, active });
  }

  private recover(draft: Draft): void {
    const kept = this.transport.stash.read(this.app);
    if (!kept) return;
    if (differing(kept.files, draft.files).length === 0) {
      this.transport.stash.drop(this.app);
      return;
    }
    this.reconcile(kept.base, kept.files, draft);
  }

  private onEdit(): void {
    clearTimeout(this.stashTimer);
    this.stashTimer = setTimeout(this.writeStash, STASH_MS);
    this.schedule(REST_MS);
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), delay);
  }

  private send(): Promise<void> {
    this.current ??= this.attempt().finally(() => {
      this.current = undefined;
    });
    return this.current;
  }

  private async attempt(): Promise<void> {
    const store = useEditorStore.getState();
    if (store.app !== this.app || (store.save.phase !== "dirty" && store.save.phase !== "failed")) return;
    store.event({ type: "sending" });
    try {
      checkRoom(store.files);
      const draft = await this.transport.put(this.app, store.files, store.entrypoint, store.base.etag);
      if (useEditorStore.getState().app !== this.app) return;
      store.saved(draft);
      store.event({ type: "accepted" });
      this.afterSave();
    } catch (error) {
      await this.onFailure(error);
    }
  }

  private afterSave(): void {
    clearTimeout(this.stashTimer);
    if (useEditorStore.getState().save.phase === "saved") this.transport.stash.drop(this.app);
    else this.onEdit();
  }

  private async onFailure(error: unknown): Promise<void> {
    const store = useEditorStore.getState();
    if (store.app !== this.app) return;
    try {
      if (!(error instanceof ApiError) || error.code !== "draft_changed") throw error;
      const theirs = await this.transport.get(this.app);
      const { base, files } = useEditorStore.getState();
      this.reconcile(base.files, files, theirs);
    } catch (reason) {
      store.event({ type: "refused", message: explain(reason) });
      this.writeStash();
      if (worthRetrying(reason)) this.schedule(backoff(useEditorStore.getState().save.attempts));
    }
  }

  private reconcile(base: Files, mine: Files, theirs: Draft): void {
    const store = useEditorStore.getState();
    const merged = merge(base, mine, theirs.files);
    const server = { files: theirs.files, etag: theirs.etag };
    if (merged.conflicts.length > 0) {
      if (mine !== store.files) store.replace(mine, { files: base, etag: theirs.etag });
      store.collide({ theirs, merged });
      this.writeStash();
      return;
    }
    store.replace(merged.files, server);
  }
}

/** What is over a limit is told before it is sent. */
function checkRoom(files: Files): void {
  const { over } = room(files);
  if (over) throw new ApiError(413, { code: "too_large", detail: over });
}

/** A login that ran out ends in a new login, which flushes; a refusal of the content needs another edit. */
function worthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429;
}
