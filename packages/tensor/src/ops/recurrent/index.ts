/**
 * The recurrent ops, one direction of a layer each.
 *
 * @module
 * @internal
 */
export * from "./gru.ts";
export * from "./lstm.ts";
export * from "./rnn.ts";
export type { Saved } from "./steps.ts";
