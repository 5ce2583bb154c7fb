import { describe, expect, it } from "vitest";
import { allCommands, offered, shortcuts, useCommandStore } from "./commands";

const run = () => undefined;
const deploy = { id: "deploy", title: "Deploy", group: "Actions", keys: "Ctrl ↵", run };
const file = { id: "app.py", title: "app.py", group: "Files", run };
const next = { id: "next", title: "Next app", group: "List", keys: "J", only: "keys" as const };

describe("the registry of commands", () => {
  it("holds what each mounted place told it, and forgets it with the place", () => {
    const { register, forget } = useCommandStore.getState();
    register("editor", [deploy]);
    register("list", [deploy, next]);
    expect(allCommands(useCommandStore.getState().sources).map((command) => command.id)).toEqual([
      "editor/deploy",
      "list/deploy",
      "list/next",
    ]);
    register("list", [next]);
    forget("editor");
    expect(allCommands(useCommandStore.getState().sources).map((command) => command.id)).toEqual(["list/next"]);
    forget("list");
  });

  it("offers what can be run, and files alone where files are meant", () => {
    expect(offered([deploy, file, next], "everything")).toEqual([deploy, file]);
    expect(offered([deploy, file, next], "files")).toEqual([file]);
  });

  it("lists what has keys by its group", () => {
    expect(shortcuts([deploy, file, next, { ...deploy, id: "save" }])).toEqual([
      ["Actions", [deploy, { ...deploy, id: "save" }]],
      ["List", [next]],
    ]);
  });
});
