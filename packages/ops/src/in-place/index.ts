/** Functions that write their result over their input. */
export * from "./elementwise.ts";
export * from "./integers.ts";
export * from "./products.ts";
