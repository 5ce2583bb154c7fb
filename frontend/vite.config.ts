/** Builds to dist/. Nothing is inlined into the page or as a data: address, because the page's policy allows neither. */
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const platform = "http://localhost:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { assetsInlineLimit: 0, target: "es2022", reportCompressedSize: true },
  server: { host: "127.0.0.1", proxy: { "/api": { target: platform, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
