import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Diagnostic, initSync, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-web";
import { beforeAll, describe, expect, it } from "vitest";
import { settings } from "./rules";

let ruff: Workspace;

/** The codes of what ruff itself says about that text. */
const codes = (...lines: string[]) =>
  (ruff.check(`${lines.join("\n")}\n`) as Diagnostic[]).map((each) => each.code ?? "invalid-syntax");

beforeAll(() => {
  const program = createRequire(import.meta.url).resolve("@astral-sh/ruff-wasm-web/ruff_wasm_bg.wasm");
  initSync({ module: readFileSync(program) });
  ruff = new Workspace(settings({ firstParty: [] }), PositionEncoding.Utf16);
});

describe("settings", () => {
  it("tells what is broken or dead", () => {
    expect(codes("def f(:")).toContain("invalid-syntax");
    expect(codes("import os")).toEqual(["F401"]);
    expect(codes("print(nmae)")).toEqual(["F821"]);
    expect(codes("def f():", "    x = 1")).toEqual(["F841"]);
  });

  it("tells what runs and is wrong", () => {
    expect(codes("def f(rows=[]):", "    return rows")).toEqual(["B006"]);
    expect(codes("calls = [lambda: n for n in range(3)]")).toEqual(["B023"]);
    expect(codes("n = 1", "++n")).toEqual(["B002"]);
    expect(codes("def f():", "    try:", "        g()", "    finally:", "        return 1", "def g(): ...")).toContain(
      "B012",
    );
  });

  it("lets right code be, however old its style", () => {
    expect(
      codes(
        "from datetime import datetime, timezone",
        "from typing import Dict, List, Optional, Union",
        "",
        "from fastapi import Depends, FastAPI, HTTPException",
        "",
        "app = FastAPI()",
        "",
        "",
        "def now():",
        "    return datetime.now(timezone.utc)",
        "",
        "",
        '@app.get("/")',
        "def index(at=Depends(now), tag: Optional[str] = None) -> Dict[str, Union[List[str], str]]:",
        "    for i in range(3):",
        '        print("%s" % tag, "{}".format(at))',
        "    try:",
        '        return dict(zip(["a"], [getattr(at, "day")]))',
        "    except KeyError:",
        "        raise HTTPException(404)",
      ),
    ).toEqual([]);
  });
});
