/**
 * What goes with modules: `torch.nn.utils`.
 *
 * @module
 */
export * as rnn from "./rnn.ts";
