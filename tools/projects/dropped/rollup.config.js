import nodeResolve from "@rollup/plugin-node-resolve";

export default {
  input: "one-layer.js",
  output: { dir: "rollup", format: "es" },
  plugins: [nodeResolve()],
};
