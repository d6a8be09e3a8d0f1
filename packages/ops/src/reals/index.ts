/** The functions of complex numbers, of real ones. */
export * from "./complex.ts";
export * from "./same.ts";
export * from "./signs.ts";
export * from "./transposed.ts";
