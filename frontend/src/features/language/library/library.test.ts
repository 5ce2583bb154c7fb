import { describe, expect, it } from "vitest";
import { type Known, library, parametersOf } from "./known";
import { HOMES, homesNamed, KNOWN_MODULES, LIBRARY } from "./library";
import { BUILTINS } from "./python";

describe("library", () => {
  it("reads names, signatures, types and members", () => {
    const [app, ask] = library(
      'class App(*, title: str = "x) | y") -> App | Holds it.\n  get($route) | Gets (it).\nask(a) | Asks.',
      { route: "path: str, *, code: int = 1" },
    );
    expect(app).toMatchObject({ name: "App", kind: "class", type: "App", doc: "Holds it." });
    expect(app?.members[0]).toMatchObject({ kind: "function", signature: "(path: str, *, code: int = 1)" });
    expect(ask?.kind).toBe("function");
    expect(() => library("no words")).toThrow();
  });

  it("names parameters that can be given by keyword", () => {
    expect(parametersOf("(self, path: str, *, tags: list[str, int] = None, **options)")).toEqual(["path", "tags"]);
  });

  it("says of every name what it does, in one sentence or two, and no name twice", () => {
    const all: [string, readonly Known[]][] = [...Object.entries(LIBRARY), ["builtins", BUILTINS]];
    for (const [module, names] of all) {
      expect(names.length, module).toBeGreaterThan(0);
      for (const list of [names, ...names.map((each) => each.members)]) {
        expect(new Set(list.map((each) => each.name)).size, module).toBe(list.length);
        for (const each of list) expect(each.doc, `${module}.${each.name}`).toMatch(/^[A-Z0-9][^!]*[\w.…>)"]$/);
      }
    }
  });

  it("knows what FastAPI is written with, and where a name is imported from", () => {
    const fastapi = LIBRARY.fastapi?.map((each) => each.name);
    for (const name of "FastAPI APIRouter Depends Query Path Body Form File HTTPException Request UploadFile".split(
      " ",
    ))
      expect(fastapi).toContain(name);
    expect(HOMES.get("HTTPException")?.module).toBe("fastapi");
    expect(HOMES.get("MongoClient")?.module).toBe("pymongo");
    expect(homesNamed("Path")).toEqual(["fastapi", "pathlib"]);
    expect(homesNamed("JSONResponse")).toEqual(["fastapi.responses"]);
    expect(homesNamed("get")).toEqual([]);
    expect(KNOWN_MODULES).toContain("starlette.middleware");
  });
});
