export * from "./added.ts";
