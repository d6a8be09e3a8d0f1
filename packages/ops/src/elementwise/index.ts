/** Functions of each element. */
export * from "./degrees.ts";
export * from "./extremes.ts";
export * from "./integers.ts";
export * from "./nextafter.ts";
export * from "./powers.ts";
export * from "./signs.ts";
