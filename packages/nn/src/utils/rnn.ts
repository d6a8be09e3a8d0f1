/**
 * Sequences of different lengths in one batch: `torch.nn.utils.rnn`.
 *
 * @module
 */
export {
  PackedSequence,
  type PaddedSequences,
  packPaddedSequence,
  padPackedSequence,
} from "./packed-sequence.ts";
export * from "./sequences.ts";
