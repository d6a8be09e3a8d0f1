import { quote, ShapeError } from "@flambeau/backend";
import { argsort, type Callable, callable, cat, full, type Tensor } from "@flambeau/tensor";
import {
  checkPacked,
  numbersOf,
  type PackedSequence,
  packPaddedSequence,
  padPackedSequence,
} from "./packed-sequence.ts";

const PAD =
  "padSequence(sequences: tensors, batchFirst: bool = false, paddingValue: number = 0, paddingSide: 'right'|'left' = 'right')";

/**
 * Sequences `[length, ...]` of different lengths as one batch `[longest, batch, ...]` (`[batch, longest, ...]` with `batchFirst`),
 * filled up with `paddingValue`.
 *
 * @throws ShapeError when there are no sequences, or they differ in other sizes than the first.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.utils.rnn.padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true })));
 * // tensor([[1., 2., 3.],
 * //         [4., 0., 0.]])
 * ```
 */
export const padSequence: Callable<typeof PAD, Tensor> = callable(
  PAD,
  (sequences, batchFirst, paddingValue, paddingSide) => {
    checkSequences("padSequence", sequences);
    const longest = Math.max(...sequences.map((x) => x.shape[0]));
    const rows = sequences.map((x) => {
      const missing = longest - x.shape[0];
      if (missing === 0) return x;
      const fill = full([missing, ...x.shape.slice(1)], paddingValue, { dtype: x.dtype, device: x.device });
      return cat(paddingSide === "left" ? [fill, x] : [x, fill]);
    });
    const batch = batchFirst ? 0 : 1;
    return cat(
      rows.map((x) => x.unsqueeze(batch)),
      batch,
    );
  },
);

function checkSequences(what: string, sequences: readonly Tensor[]): void {
  if (sequences.length === 0) throw new ShapeError(`${what}: there are no sequences`);
  const rest = sequences[0].shape.slice(1).join();
  const bad = sequences.find((x) => x.ndim === 0 || x.shape.slice(1).join() !== rest);
  if (bad !== undefined)
    throw new ShapeError(
      `${what}: sequences differ in their first size alone; got shapes ${quote(sequences[0].shape)} and ${quote(bad.shape)}`,
    );
}

const PACK = "packSequence(sequences: tensors, enforceSorted: bool = true)";

/**
 * Packs sequences `[length, ...]` of different lengths; see `packPaddedSequence`.
 *
 * @throws ShapeError as `padSequence`; ValueError as `packPaddedSequence`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1]), tensor([2, 3])], { enforceSorted: false });
 * console.log(String(packed.data), String(packed.sortedIndices));
 * // tensor([2., 1., 3.]) tensor([1, 0])
 * ```
 */
export const packSequence: Callable<typeof PACK, PackedSequence> = callable(
  PACK,
  (sequences, enforceSorted) => {
    const padded = padSequence(sequences);
    return packPaddedSequence(
      padded,
      sequences.map((x) => x.shape[0]),
      { enforceSorted },
    );
  },
);

const UNPAD = "unpadSequence(paddedSequences: tensor, lengths: tensor|ints, batchFirst: bool = false)";

/**
 * The sequences of a padded batch, each with its own length.
 *
 * @throws ShapeError when there are not as many lengths as sequences.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const padded = tensor([[1, 2, 3], [4, 0, 0]]);
 * console.log(nn.utils.rnn.unpadSequence(padded, [3, 1], { batchFirst: true }).map(String));
 * // [ 'tensor([1., 2., 3.])', 'tensor([4.])' ]
 * ```
 */
export const unpadSequence: Callable<
  typeof UNPAD,
  Tensor[],
  { readonly lengths: Tensor | readonly number[] }
> = callable<typeof UNPAD, Tensor[], { readonly lengths: Tensor | readonly number[] }>(
  UNPAD,
  (padded, given, batchFirst) => {
    const lengths = numbersOf(given);
    const rows = (batchFirst ? padded : padded.transpose(0, 1)).unbind();
    if (lengths.length !== rows.length)
      throw new ShapeError(
        `unpadSequence: ${lengths.length} lengths do not fit a batch of ${rows.length} sequences`,
      );
    return rows.map((x, i) => x.narrow(0, 0, lengths[i]));
  },
);

const UNPACK = "unpackSequence(packedSequences: object)";

/**
 * The sequences of a packed batch, in the order in which they were given.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1, 2, 3]), tensor([4])]);
 * console.log(nn.utils.rnn.unpackSequence(packed).map(String));
 * // [ 'tensor([1., 2., 3.])', 'tensor([4.])' ]
 * ```
 */
export const unpackSequence: Callable<typeof UNPACK, Tensor[], { readonly packedSequences: PackedSequence }> =
  callable<typeof UNPACK, Tensor[], { readonly packedSequences: PackedSequence }>(UNPACK, (sequence) => {
    const [padded, lengths] = padPackedSequence(checkPacked("unpackSequence", sequence), true);
    return unpadSequence(padded, lengths, true);
  });

const INVERT = "invertPermutation(permutation: tensor)";

/**
 * The permutation that undoes another.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.utils.rnn.invertPermutation(tensor([2, 0, 1], { dtype: "int64" }))));
 * // tensor([1, 2, 0])
 * ```
 */
export const invertPermutation: Callable<typeof INVERT, Tensor> = callable(INVERT, (x) => argsort(x));
