import { defineConfig } from "vite";

// What isolates a page: with these headers it may share memory with workers.
const headers =
  process.env.ISOLATED === "yes"
    ? { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }
    : {};

export default defineConfig({
  logLevel: "warn",
  server: { headers },
  preview: { headers },
  worker: { format: "es" },
  build: {
    target: "es2022",
    outDir: process.env.OUT,
    rolldownOptions: {
      input: ["index.html", "worker.html"],
      output: { keepNames: process.env.KEEP_NAMES === "yes" },
    },
  },
});
