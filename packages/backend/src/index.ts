/**
 * What a device must do: dtypes, shapes and strides, errors, scalar expressions and the `Backend` interface.
 *
 * @module
 */
export * from "./backend.ts";
export * from "./copies.ts";
export * from "./dtype.ts";
export * from "./errors.ts";
export * from "./expr.ts";
export * from "./fused.ts";
export * from "./half.ts";
export * from "./kernel.ts";
export * from "./long-products.ts";
export * from "./precision.ts";
export * from "./quote.ts";
export * from "./realms.ts";
export * from "./registry.ts";
export * from "./shape.ts";
export * from "./spelling.ts";
export * from "./thenable.ts";
export * from "./uncloneable.ts";
export * from "./warnings.ts";
