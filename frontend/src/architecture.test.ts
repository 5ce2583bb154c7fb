/** The rules of the layout, kept by reading the sources: one-way imports, no barrels, short component files. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".gen.ts"))
  .map((path) => ({ path, text: readFileSync(join(src, path), "utf8") }));

/** The folders under src that a file imports from, as `features/apps`, `components`, `lib`, `routes`. */
function imports(path: string, text: string): string[] {
  const targets = [...text.matchAll(/(?:from|import\()\s*"(@\/[^"]+|\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return targets.map((target) =>
    target.startsWith("@/") ? target.slice(2) : relative(src, join(src, path, "..", target)),
  );
}

const feature = (path: string) => /^features\/([^/]+)/.exec(path)?.[1];

describe("layout", () => {
  it("finds the sources it judges", () => {
    expect(files.length).toBeGreaterThan(80);
    expect(imports("routes/x.tsx", 'import { a } from "@/features/apps/fleet";')).toEqual(["features/apps/fleet"]);
    expect(imports("features/apps/components/x.tsx", 'import { a } from "../../auth/y";')).toEqual(["features/auth/y"]);
  });

  it("lets no feature import another, nor a route", () => {
    const bad = files.flatMap(({ path, text }) => {
      const own = feature(path);
      if (!own) return [];
      return imports(path, text)
        .filter((target) => target.startsWith("routes") || (feature(target) !== undefined && feature(target) !== own))
        .map((target) => `${path} imports ${target}`);
    });
    expect(bad).toEqual([]);
  });

  it("keeps shared code free of features and routes", () => {
    const bad = files
      .filter(({ path }) => /^(lib|components)\//.test(path))
      .flatMap(({ path, text }) => imports(path, text).filter((target) => /^(features|routes)\//.test(target)));
    expect(bad).toEqual([]);
  });

  it("has no barrels", () => {
    expect(
      files.filter(({ path, text }) => /(^|\/)index\.tsx?$/.test(path) || /^export (\*|\{[^}]*\}) from/m.test(text)),
    ).toEqual([]);
  });

  it("keeps component files under 200 lines", () => {
    const long = files.filter(({ path, text }) => path.endsWith(".tsx") && text.split("\n").length > 200);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it("opens every file with a sentence on what it is", () => {
    const mute = files.filter(({ path, text }) => !/\.test\.ts$/.test(path) && !text.startsWith("/**"));
    expect(mute.map(({ path }) => path)).toEqual([]);
  });
});
