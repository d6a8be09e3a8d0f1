import commonjs from "@rollup/plugin-commonjs";
import nodeResolve from "@rollup/plugin-node-resolve";

// For Node, and for the page: the worker is an entry of its own, beside the others.
export default {
  input: {
    main: "main.js",
    page: "page.js",
    "flambeau-cpu-worker": "@flambeau/cpu-backend/worker",
  },
  output: { dir: "out", format: "es" },
  // The library that draws figures has a dependency in CommonJS.
  plugins: [nodeResolve(), commonjs()],
};
