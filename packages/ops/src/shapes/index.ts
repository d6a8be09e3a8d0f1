/** Shapes, views and construction. */
export * from "./at-least.ts";
export * from "./broadcast.ts";
export * from "./choices.ts";
export * from "./construct.ts";
export * from "./copies.ts";
export * from "./diagonal.ts";
export * from "./layout-copies.ts";
export type { Tensors } from "./several.ts";
export * from "./split.ts";
export * from "./unfold.ts";
export * from "./windows.ts";
