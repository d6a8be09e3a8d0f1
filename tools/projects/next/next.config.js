import { dirname } from "node:path";

/** The folder that has node_modules, which here is not the project's own. */
const root = dirname(import.meta.dirname);

export default {
  turbopack: { root },
  outputFileTracingRoot: root,
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        { key: "Cross-Origin-Embedder-Policy", value: "require-corp" },
      ],
    },
  ],
};
