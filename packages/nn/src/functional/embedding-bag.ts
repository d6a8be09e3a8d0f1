import { DTypeError, formatShape, isFloat, ShapeError, ValueError } from "@flambeau/backend";
import {
  arange,
  type Callable,
  callable,
  ones,
  searchsorted,
  type Tensor,
  tensor,
  where,
  zeros,
} from "@flambeau/tensor";
import { embedding, paddingRow } from "./embedding.ts";

const EMBEDDING_BAG =
  "embeddingBag(input, weight, offsets?: tensor, maxNorm?, normType = 2, scaleGradByFreq = false, mode: 'mean'|'sum'|'max' = 'mean', sparse: bool = false, perSampleWeights?: tensor, includeLastOffset = false, paddingIdx?: int)";

/**
 * The mean, sum or largest elements of the rows of `weight` that each bag of indices names: bags are the rows of `[bags, size]`, or
 * begin in a flat input at `offsets`. Empty bags give zeros. `perSampleWeights`, for sums, multiply the rows; `paddingIdx` is a row
 * that counts in no bag.
 *
 * @throws DTypeError when indices are no integers; IndexError when one is out of range; ShapeError when the input is neither; ValueError
 *   when options do not go together.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const weight = tensor([[0, 0], [1, 2], [3, 4]]);
 * console.log(F.embeddingBag(tensor([1n, 2n, 2n]), weight, tensor([0n, 2n])));
 * // tensor([[2., 3.],
 * //         [3., 4.]])
 * ```
 */
export const embeddingBag: Callable<typeof EMBEDDING_BAG, Tensor> = callable(
  EMBEDDING_BAG,
  (
    input,
    weight,
    offsets,
    maxNorm,
    normType,
    scaleGradByFreq,
    mode,
    sparse,
    samples,
    includesLast,
    paddingIdx,
  ) => {
    if (sparse) throw new ValueError("embeddingBag: there are no sparse gradients here; leave sparse out");
    if (samples != null && mode !== "sum")
      throw new ValueError(`embeddingBag: perSampleWeights are for sums; the mode is "${mode}"`);
    if (samples != null && samples.shape.join() !== input.shape.join()) {
      throw new ShapeError(
        `embeddingBag: perSampleWeights have the input's shape ${formatShape(input.shape)}; got ${formatShape(samples.shape)}`,
      );
    }
    const { flat, bag, count } = bagsOf(input, offsets ?? null, includesLast);
    const rows = weight.shape[0];
    const padding = paddingRow(paddingIdx, rows);
    const picked = embedding(flat, weight, { maxNorm, normType, scaleGradByFreq });
    const { dtype, device } = weight;
    const counted = padding === null ? ones([flat.numel()], { dtype, device }) : flat.ne(padding).to(dtype);
    if (mode === "max") return largest(picked, bag, counted, count);
    const factors = samples == null ? counted : samples.reshape([-1]).mul(counted);
    const terms = padding === null && samples == null ? picked : picked.mul(factors.unsqueeze(1));
    const sums = zeros([count, weight.shape[1]], { dtype, device }).indexAdd(0, bag, terms);
    if (mode === "sum") return sums;
    const sizes = zeros([count], { dtype, device }).indexAdd(0, bag, counted);
    return sums.div(sizes.clampMin(1).unsqueeze(1));
  },
);

/** The indices in a row, the bag that each of them is in, and how many bags there are. */
function bagsOf(
  input: Tensor,
  offsets: Tensor | null,
  includesLast: boolean,
): { readonly flat: Tensor; readonly bag: Tensor; readonly count: number } {
  if (isFloat(input.dtype) || input.dtype === "bool") {
    throw new DTypeError(`embeddingBag takes indices as integers; the input is ${input.dtype}`);
  }
  const places = arange(input.numel(), { dtype: "int64", device: input.device });
  if (input.ndim === 2) {
    if (offsets !== null) throw new ValueError("embeddingBag: an input of rows has its bags, and no offsets");
    const [count, size] = input.shape;
    return { flat: input.reshape([-1]), bag: places.floorDivide(Math.max(size, 1)), count };
  }
  if (input.ndim !== 1 || offsets === null || offsets.ndim !== 1) {
    throw new ShapeError(
      `embeddingBag takes an input [bags, size], or a flat one with offsets [bags]; got shape ${formatShape(input.shape)}${offsets === null ? "" : ` and offsets ${formatShape(offsets.shape)}`}`,
    );
  }
  const count = offsets.numel() - (includesLast ? 1 : 0);
  if (count < 0) throw new ValueError("embeddingBag: with includeLastOffset there is one offset at least");
  checkOffsets(offsets, input.numel());
  const starts = offsets.to({ dtype: "int64", device: input.device }).narrow(0, 0, count);
  const bag = searchsorted(starts, places, { right: true }).sub(1).clampMin(0);
  return { flat: input, bag, count };
}

/**
 * Makes sure that bags follow one another from the first index on; not on a device that cannot be read at once.
 *
 * @throws DTypeError, ValueError
 */
function checkOffsets(offsets: Tensor, length: number): void {
  if (isFloat(offsets.dtype) || offsets.dtype === "bool")
    throw new DTypeError(`embeddingBag takes offsets as integers; got ${offsets.dtype}`);
  if (offsets.storage.backend.downloadSync === undefined) return;
  const starts = Array.from(offsets.dataSync(), Number);
  if (starts.length > 0 && starts[0] !== 0)
    throw new ValueError(`embeddingBag: the first bag starts at 0; offsets begin with ${starts[0]}`);
  const wrong = starts.find((start, i) => start > length || start < (starts[i - 1] ?? 0));
  if (wrong !== undefined)
    throw new ValueError(
      `embeddingBag: offsets rise from 0 to the input's length, ${length}; got ${wrong} among [${starts.join(", ")}]`,
    );
}

/** The largest elements of bags; the first of equal ones gets the gradient. */
function largest(picked: Tensor, bag: Tensor, counted: Tensor, count: number): Tensor {
  const size = picked.shape[1];
  const { dtype, device } = picked;
  if (picked.storage.backend.downloadSync === undefined) return largestOfAll(picked, bag, counted, count);
  const members = Array.from({ length: count }, (): number[] => []);
  const isIn = counted.dataSync();
  bag.dataSync().forEach((b: number | bigint, i: number) => {
    if (Number(isIn[i]) !== 0) members[Number(b)].push(i);
  });
  const most = Math.max(1, ...members.map((list) => list.length));
  if (picked.shape[0] === 0) return zeros([count, size], { dtype, device });
  const index = members.flatMap((list) =>
    Array.from({ length: most }, (_, k) => BigInt(list[k] ?? list[0] ?? 0)),
  );
  const stacked = picked
    .indexSelect(0, tensor(BigInt64Array.from(index), { device }))
    .reshape([count, most, size]);
  const { values } = stacked.max(1);
  const isEmpty = tensor(
    members.map((list) => list.length === 0),
    { device },
  ).unsqueeze(1);
  return where(isEmpty, 0, values);
}

/** The same without a look at the bags: each of them picks its own among all elements. */
function largestOfAll(picked: Tensor, bag: Tensor, counted: Tensor, count: number): Tensor {
  const bags = arange(count, { dtype: "int64", device: picked.device }).unsqueeze(1);
  const isIn = bags.eq(bag).logicalAnd(counted.ne(0));
  const { values } = where(isIn.unsqueeze(2), picked.unsqueeze(0), -Infinity).max(1);
  const isEmpty = isIn.to("int32").sum(1, true).eq(0);
  return where(isEmpty, 0, values);
}
