import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// What is built is committed, and CI compares every byte: names follow from content alone, and no
// time, path or version of the machine goes into a file.
export default defineConfig({
  test: { include: ["src/**/*.test.ts"] },
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The service puts its own nonce here, anew for each page (`console_service/entrypoints/pages.py`).
  html: { cspNonce: "NONCE-OF-THIS-PAGE" },
  build: {
    outDir: "../console_service/static",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    sourcemap: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
