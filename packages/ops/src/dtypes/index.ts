/** What dtypes hold, and what they become. */
export * from "./limits.ts";
export * from "./promotion.ts";
