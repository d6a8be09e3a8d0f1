import { quote, ShapeError, ValueError } from "@flambeau/backend";
import {
  type Args,
  argsort,
  bind,
  type Callable,
  callable,
  cat,
  full,
  stack,
  Tensor,
  tensor,
} from "@flambeau/tensor";

/** What a packed sequence is made of. */
interface Parts {
  readonly batchSizes: Tensor | readonly number[];
  readonly sortedIndices: Tensor | null;
  readonly unsortedIndices: Tensor | null;
}

const PACKED =
  "PackedSequence(data: tensor, batchSizes: tensor|ints, sortedIndices?: tensor, unsortedIndices?: tensor)";

/**
 * Sequences of different lengths without padding: the items of all sequences at the first time step, then those at the second,
 * and so on, the longest sequence first. Made by `packPaddedSequence` and `packSequence`; recurrent layers take it and return it.
 *
 * @throws ShapeError when the batch sizes do not add up to the rows of `data`; ValueError when they are not positive or rise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1, 2, 3]), tensor([4])]);
 * console.log(String(packed.data), packed.batchSizes);
 * // tensor([1., 4., 2., 3.]) [ 2, 1, 1 ]
 * ```
 */
export class PackedSequence {
  /** The items, `[total, ...]`. */
  readonly data: Tensor;
  /** How many sequences have an item at each time step. */
  readonly batchSizes: readonly number[];
  /** Which of the given sequences each one is, int64; null where they were in order. */
  readonly sortedIndices: Tensor | null;
  /** Where each of the given sequences is, int64. */
  readonly unsortedIndices: Tensor | null;

  constructor(...args: Args<typeof PACKED, Parts>) {
    const { data, batchSizes, sortedIndices, unsortedIndices } = bind<typeof PACKED, Parts>(PACKED, args);
    this.data = data;
    this.batchSizes = numbersOf(batchSizes);
    this.sortedIndices = sortedIndices ?? null;
    this.unsortedIndices = unsortedIndices ?? (sortedIndices == null ? null : argsort(sortedIndices));
    checkBatchSizes(this.batchSizes, data);
  }

  /** Converts dtype or device, as `Tensor.to`. */
  to(target: string): PackedSequence {
    const moved = (x: Tensor | null): Tensor | null => x?.to({ device: this.data.to(target).device }) ?? null;
    return new PackedSequence(
      this.data.to(target),
      this.batchSizes,
      moved(this.sortedIndices),
      moved(this.unsortedIndices),
    );
  }
}

/** Integers in a tensor or an array. */
export function numbersOf(x: Tensor | readonly number[]): number[] {
  return x instanceof Tensor ? (x.tolist() as number[]).map(Number) : [...x];
}

function checkBatchSizes(sizes: readonly number[], data: Tensor): void {
  const isFalling = sizes.every((n, t) => Number.isInteger(n) && n > 0 && (t === 0 || n <= sizes[t - 1]));
  if (sizes.length === 0 || !isFalling)
    throw new ValueError(`PackedSequence: batch sizes are positive and never rise; got ${quote(sizes)}`);
  const total = sizes.reduce((a, b) => a + b, 0);
  if (data.ndim === 0 || data.shape[0] !== total)
    throw new ShapeError(
      `PackedSequence: batch sizes that add up to ${total} do not fit data of shape ${quote(data.shape)}`,
    );
}

interface PackTypes {
  readonly lengths: Tensor | readonly number[];
}

const PACK_PADDED =
  "packPaddedSequence(input, lengths: tensor|ints, batchFirst: bool = false, enforceSorted: bool = true)";

/**
 * Packs a padded batch `[length, batch, ...]` (`[batch, length, ...]` with `batchFirst`) whose sequences have these lengths. Unless
 * `enforceSorted`, they are sorted by length here, and `padPackedSequence` and recurrent layers restore their order.
 *
 * @throws ShapeError when there are not as many lengths as sequences; ValueError when a length is not from 1 to that of the
 *   padded batch, or they rise with `enforceSorted`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const padded = tensor([[1, 2, 3], [4, 0, 0]]);
 * const packed = nn.utils.rnn.packPaddedSequence(padded, [3, 1], { batchFirst: true });
 * console.log(String(packed.data), packed.batchSizes);
 * // tensor([1., 4., 2., 3.]) [ 2, 1, 1 ]
 * ```
 */
export const packPaddedSequence: Callable<typeof PACK_PADDED, PackedSequence, PackTypes> = callable<
  typeof PACK_PADDED,
  PackedSequence,
  PackTypes
>(PACK_PADDED, (input, given, batchFirst, enforceSorted) => {
  const what = "packPaddedSequence";
  if (input.ndim < 2)
    throw new ShapeError(`${what} takes a padded batch of sequences; got shape ${quote(input.shape)}`);
  const lengths = numbersOf(given);
  const padded = batchFirst ? input.transpose(0, 1) : input;
  const [longest, batch] = padded.shape;
  if (lengths.length !== batch)
    throw new ShapeError(`${what}: ${lengths.length} lengths do not fit a batch of ${batch} sequences`);
  const bad = lengths.find((n) => !Number.isInteger(n) || n < 1 || n > longest);
  if (bad !== undefined)
    throw new ValueError(
      `${what}: a length is an integer from 1 to ${longest}, that of the padded batch; got ${quote(bad)}`,
    );
  if (enforceSorted) {
    if (lengths.some((n, i) => i > 0 && n > lengths[i - 1]))
      throw new ValueError(
        `${what}: lengths fall with enforceSorted; got ${quote(lengths)}; give { enforceSorted: false } to have the sequences sorted`,
      );
    return packed(padded, lengths, null);
  }
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b] - lengths[a]);
  const sorted = tensor(order, { dtype: "int64", device: input.device });
  return packed(
    padded.indexSelect(1, sorted),
    order.map((i) => lengths[i]),
    sorted,
  );
});

/** Packs a batch `[length, batch, ...]` of falling lengths. */
function packed(padded: Tensor, lengths: readonly number[], sorted: Tensor | null): PackedSequence {
  const batchSizes = Array.from({ length: lengths[0] }, (_, t) => lengths.filter((n) => n > t).length);
  const steps = batchSizes.map((n, t) => padded.select(0, t).narrow(0, 0, n));
  return new PackedSequence(cat(steps), batchSizes, sorted);
}

/** What `padPackedSequence` returns. */
export type PaddedSequences = [padded: Tensor, lengths: Tensor];

const PAD_PACKED =
  "padPackedSequence(sequence: object, batchFirst: bool = false, paddingValue: number = 0, totalLength?: int)";

/**
 * The padded batch of a packed one, `[length, batch, ...]` (`[batch, length, ...]` with `batchFirst`), and the lengths of its sequences,
 * int64, in the order in which they were given.
 *
 * @throws ValueError when `totalLength` is less than the longest sequence.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1, 2, 3]), tensor([4])]);
 * const [padded, lengths] = nn.utils.rnn.padPackedSequence(packed, { batchFirst: true });
 * console.log(String(padded), String(lengths));
 * // tensor([[1., 2., 3.],
 * //         [4., 0., 0.]]) tensor([3, 1])
 * ```
 */
export const padPackedSequence: Callable<
  typeof PAD_PACKED,
  PaddedSequences,
  { readonly sequence: PackedSequence }
> = callable<typeof PAD_PACKED, PaddedSequences, { readonly sequence: PackedSequence }>(
  PAD_PACKED,
  (sequence, batchFirst, paddingValue, totalLength) => {
    const { data, batchSizes, unsortedIndices } = checkPacked("padPackedSequence", sequence);
    const longest = batchSizes.length;
    const length = totalLength ?? longest;
    if (!Number.isInteger(length) || length < longest)
      throw new ValueError(
        `padPackedSequence: the total length is at least that of the longest sequence, ${longest}; got ${quote(length)}`,
      );
    const [batch] = batchSizes;
    const rest = data.shape.slice(1);
    const fill = (rows: number): Tensor =>
      full([rows, ...rest], paddingValue, { dtype: data.dtype, device: data.device });
    const steps = data.split(batchSizes).map((items, t) => {
      return batchSizes[t] === batch ? items : cat([items, fill(batch - batchSizes[t])]);
    });
    while (steps.length < length) steps.push(fill(batch));
    let padded = stack(steps, batchFirst ? 1 : 0);
    const counts = Array.from({ length: batch }, (_, i) => batchSizes.filter((n) => n > i).length);
    let lengths = tensor(counts, { dtype: "int64" });
    if (unsortedIndices !== null) {
      padded = padded.indexSelect(batchFirst ? 0 : 1, unsortedIndices);
      lengths = lengths.indexSelect(0, unsortedIndices.to("cpu"));
    }
    return [padded, lengths];
  },
);

/**
 * The packed sequence that something is.
 *
 * @throws ValueError when it is none.
 */
export function checkPacked(what: string, x: unknown): PackedSequence {
  if (x instanceof PackedSequence) return x;
  throw new ValueError(`${what} takes a PackedSequence, as packPaddedSequence returns; got ${quote(x)}`);
}
