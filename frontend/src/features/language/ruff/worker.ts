/**
 * Ruff, beside the page: the linter's WebAssembly is loaded and run here, so that neither its 11 MB nor a long file ever
 * holds up a keystroke. One message in, one out, in order.
 */
import init, { type Diagnostic, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-web";
import program from "@astral-sh/ruff-wasm-web/ruff_wasm_bg.wasm?url";
import { fixedOnce, problemsOf } from "./problems";
import type { RuffAnswer, RuffRequest } from "./protocol";
import { settings } from "./rules";

/** Rounds of fixes: one fix can make room for the next, but not for ever. */
const ROUNDS = 10;

/** False when the program could not be fetched or compiled. */
const loaded = init({ module_or_path: program }).then(
  () => true,
  () => false,
);
let workspace: { key: string; ruff: Workspace } | undefined;

function ruffFor(firstParty: readonly string[]): Workspace {
  const key = firstParty.join("\n");
  if (workspace?.key !== key) {
    workspace?.ruff.free();
    workspace = { key, ruff: new Workspace(settings({ firstParty }), PositionEncoding.Utf16) };
  }
  return workspace.ruff;
}

function check(ruff: Workspace, path: string, text: string) {
  return problemsOf(text, path, ruff.check(text) as Diagnostic[]);
}

function fixed(ruff: Workspace, path: string, text: string): string {
  let now = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = fixedOnce(now, check(ruff, path, now));
    if (next === null) return now;
    now = next;
  }
  return now;
}

function answer({ id, kind, path, text, firstParty }: RuffRequest): RuffAnswer {
  const ruff = ruffFor(firstParty);
  if (kind === "check") return { id, problems: check(ruff, path, text) };
  return { id, text: kind === "format" ? ruff.format(text) : fixed(ruff, path, text) };
}

addEventListener("message", async ({ data }: MessageEvent<RuffRequest>) => {
  if (!(await loaded)) {
    postMessage({ id: data.id, gone: true });
    return;
  }
  try {
    postMessage(answer(data));
  } catch (error) {
    postMessage({ id: data.id, failure: error instanceof Error ? error.message : String(error) });
  }
});
