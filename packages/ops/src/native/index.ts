export * from "./dropout.ts";
export * from "./norms.ts";
