/**
 * Builds to dist/. Nothing is inlined into the page or as a data: address, because the page's policy allows neither. What is
 * very large is left compressed beside itself, for the server to send.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const platform = "http://localhost:8080";

/** Quality 9: 3.0 of 11 MB in two seconds; 11 saves another 0.4 MB and takes more than half a minute. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/**
 * A browser asks one address for six files at a time, so dozens of small ones take longer than their bytes. What the first
 * screen needs is two files, one of which stays the same from release to release; what several screens share is kept
 * together by who needs it.
 */
const CHUNKS = [
  { name: "libraries", tags: ["$initial" as const], test: /node_modules/, priority: 3 },
  { name: "page", tags: ["$initial" as const], priority: 2 },
  { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 4_000, priority: 1 },
];

/** A shared chunk is otherwise called by all that share it. */
const chunkFileNames = ({ name }: { name: string }) =>
  `assets/${name.startsWith("shared") ? "shared" : "[name]"}-[hash].js`;

const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir = "dist" }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => file.endsWith(".wasm")))
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(readFileSync(join(dir, name)), BROTLI));
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), compressed],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  worker: { format: "es" },
  build: {
    assetsInlineLimit: 0,
    target: "es2022",
    reportCompressedSize: true,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS }, chunkFileNames } },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: platform, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
