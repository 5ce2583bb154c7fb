/** The saver against a server that behaves like the real one: an etag for each save, 412 for a stale one. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/lib/api/problem";
import type { Draft } from "@/lib/api/types";
import { add, put, remove, rename } from "./model/changes";
import type { Files } from "./model/merge";
import type { Stash } from "./model/stash";
import type { Tabs } from "./model/tabs";
import { DraftSaver, type Transport } from "./saver";
import { useEditorStore } from "./store";

class Server implements Transport {
  files: Files = { "app.py": "one", "lib.py": "lib" };
  etag = 1;
  saves = 0;
  entrypoint = "app.py";
  down: ApiError | null = null;
  kept: Stash | null = null;

  get = async (): Promise<Draft> => this.draft();

  put = async (_app: string, files: Files, entrypoint: string, etag: string): Promise<Draft> => {
    await Promise.resolve();
    this.entrypoint = entrypoint;
    if (this.down) throw this.down;
    if (etag !== String(this.etag)) throw new ApiError(412, { code: "draft_changed", detail: "Somebody else saved" });
    this.saves += 1;
    this.elsewhere(files);
    return this.draft();
  };

  elsewhere(files: Files): void {
    this.files = files;
    this.etag += 1;
  }

  stash = {
    read: () => this.kept,
    write: (_app: string, value: Stash) => {
      this.kept = value;
      return true;
    },
    drop: () => {
      this.kept = null;
    },
  };

  shown: Tabs | null = null;
  tabs = {
    read: () => this.shown,
    write: (_app: string, value: Tabs) => {
      this.shown = value;
      return true;
    },
  };

  private draft(): Draft {
    return {
      files: this.files,
      entrypoint: this.entrypoint,
      etag: String(this.etag),
      updated_at: "2026-01-01T00:00:00Z",
      changed: [],
    };
  }
}

const store = () => useEditorStore.getState();
const phase = () => store().save.phase;

let server: Server;
let saver: DraftSaver;

beforeEach(async () => {
  vi.useFakeTimers();
  server = new Server();
  saver = new DraftSaver("app1", server);
  await saver.start();
});

afterEach(() => {
  saver.stop();
  vi.useRealTimers();
});

describe("saving", () => {
  it("waits for a pause, then sends everything once", async () => {
    store().edit("app.py", "t");
    store().edit("app.py", "tw");
    store().edit("app.py", "two");
    expect(phase()).toBe("dirty");
    await vi.runAllTimersAsync();
    expect(phase()).toBe("saved");
    expect(server.saves).toBe(1);
    expect(server.files["app.py"]).toBe("two");
  });

  it("keeps a second copy from the first edit until the server has it", async () => {
    store().edit("app.py", "two");
    await vi.advanceTimersByTimeAsync(300);
    expect(server.kept?.files["app.py"]).toBe("two");
    await vi.runAllTimersAsync();
    expect(server.kept).toBeNull();
  });

  it("sends what was typed while a save was on its way", async () => {
    store().edit("app.py", "two");
    const flushed = saver.flush();
    store().edit("app.py", "three");
    expect(await flushed).toBe(true);
    expect(server.files["app.py"]).toBe("three");
  });

  it("says before sending that an app cannot hold this much, and sends what fits again", async () => {
    store().edit("app.py", "x".repeat(102_401));
    await vi.runAllTimersAsync();
    expect(store().save).toMatchObject({ phase: "failed", message: expect.stringContaining("app.py is over 100 KB") });
    expect(server.saves).toBe(0);
    expect(server.kept?.files["app.py"]).toHaveLength(102_401);
    store().edit("app.py", "two");
    await vi.runAllTimersAsync();
    expect(server.files["app.py"]).toBe("two");
  });

  it("tries again by itself when the server was away", async () => {
    server.down = new ApiError(503, { code: "unavailable", detail: "Starting" });
    store().edit("app.py", "two");
    await vi.advanceTimersByTimeAsync(700);
    expect(phase()).toBe("failed");
    expect(server.kept?.files["app.py"]).toBe("two");
    server.down = null;
    await vi.runAllTimersAsync();
    expect(phase()).toBe("saved");
    expect(server.files["app.py"]).toBe("two");
  });

  it("waits for a new login when the old one ran out, and loses nothing", async () => {
    server.down = new ApiError(401, { code: "not_logged_in", detail: "Log in" });
    store().edit("app.py", "two");
    await vi.runAllTimersAsync();
    expect(phase()).toBe("failed");
    server.down = null;
    expect(await saver.flush()).toBe(true);
    expect(server.files["app.py"]).toBe("two");
  });
});

describe("a draft that was changed elsewhere", () => {
  it("is merged without asking when other files were changed", async () => {
    server.elsewhere({ ...server.files, "lib.py": "LIB" });
    store().edit("app.py", "two");
    await vi.runAllTimersAsync();
    expect(phase()).toBe("saved");
    expect(server.files).toEqual({ "app.py": "two", "lib.py": "LIB" });
    expect(store().files).toEqual(server.files);
  });

  it("asks when the same file was changed, and touches neither side", async () => {
    server.elsewhere({ ...server.files, "app.py": "theirs" });
    store().edit("app.py", "mine");
    await vi.runAllTimersAsync();
    expect(phase()).toBe("conflict");
    expect(store().collision?.merged.conflicts).toEqual(["app.py"]);
    expect(store().files["app.py"]).toBe("mine");
    expect(server.files["app.py"]).toBe("theirs");
    expect(await saver.flush()).toBe(false);
  });

  it("is saved once settled, and the other side can be had back", async () => {
    server.elsewhere({ ...server.files, "app.py": "theirs" });
    store().edit("app.py", "mine");
    await vi.runAllTimersAsync();
    const theirs = store().collision?.theirs;
    if (!theirs) throw new Error("no collision");
    store().replace({ ...theirs.files }, { files: theirs.files, etag: theirs.etag }, { "app.py": "mine" });
    await vi.runAllTimersAsync();
    expect(phase()).toBe("saved");
    store().swapLost();
    await vi.runAllTimersAsync();
    expect(server.files["app.py"]).toBe("mine");
    expect(store().lost).toEqual({ "app.py": "theirs" });
  });
});

describe("opening again", () => {
  const reopen = async () => {
    saver.stop();
    saver = new DraftSaver("app1", server);
    await saver.start();
  };

  it("brings back what this device still held and saves it", async () => {
    server.kept = {
      files: { ...server.files, "app.py": "offline" },
      entrypoint: "app.py",
      base: server.files,
      etag: "1",
    };
    await reopen();
    expect(store().files["app.py"]).toBe("offline");
    await vi.runAllTimersAsync();
    expect(server.files["app.py"]).toBe("offline");
    expect(server.kept).toBeNull();
  });

  it("asks when the server's draft moved on in the same file", async () => {
    server.kept = {
      files: { ...server.files, "app.py": "offline" },
      entrypoint: "app.py",
      base: server.files,
      etag: "1",
    };
    server.elsewhere({ ...server.files, "app.py": "theirs" });
    await reopen();
    expect(phase()).toBe("conflict");
    expect(store().files["app.py"]).toBe("offline");
    expect(store().collision?.theirs.files["app.py"]).toBe("theirs");
  });

  it("forgets a copy that the server already has", async () => {
    server.kept = { files: server.files, entrypoint: "app.py", base: {}, etag: "0" };
    await reopen();
    expect(server.kept).toBeNull();
    expect(phase()).toBe("saved");
  });
});

describe("files", () => {
  it("stay consistent through add, rename and remove", async () => {
    store().apply(add("util.py", store().files));
    store().show("util.py");
    expect(store()).toMatchObject({ active: "util.py", open: ["app.py", "util.py"] });
    store().apply(rename("util.py", "lib/util.py", store().files));
    expect(store()).toMatchObject({ active: "lib/util.py", open: ["app.py", "lib/util.py"] });
    store().apply(remove("lib/util.py", store().files));
    expect(store()).toMatchObject({ active: "app.py", open: ["app.py"] });
    await vi.runAllTimersAsync();
    expect(server.files).toEqual({ "app.py": "one", "lib.py": "lib" });
  });

  it("follow a renamed entrypoint, also to the server", async () => {
    store().apply(rename("app.py", "main.py", store().files));
    expect(store()).toMatchObject({ entrypoint: "main.py", active: "main.py" });
    await vi.runAllTimersAsync();
    expect(server.entrypoint).toBe("main.py");
    store().undo();
    expect(store()).toMatchObject({ entrypoint: "app.py", active: "app.py" });
  });

  it("are had back in turn, each by its own undo, but never over a later edit", async () => {
    const first = remove("lib.py", store().files);
    store().apply(first);
    store().apply(put("Replaced", store().files, { "app.py": "two" }));
    expect(store().undo(first)).toEqual([]);
    expect(store().files).toEqual({ "app.py": "two", "lib.py": "lib" });
    store().edit("app.py", "three");
    expect(store().undo()).toEqual(["app.py"]);
    expect(store().files["app.py"]).toBe("three");
    expect(store().undo()).toEqual([]);
    await vi.runAllTimersAsync();
    expect(server.files).toEqual({ "app.py": "three", "lib.py": "lib" });
  });

  it("are open again next time", async () => {
    store().show("lib.py");
    saver.stop();
    saver = new DraftSaver("app1", server);
    await saver.start();
    expect(store()).toMatchObject({ active: "lib.py", open: ["app.py", "lib.py"] });
  });
});
