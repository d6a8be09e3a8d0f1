import { formatShape, ShapeError, ValueError } from "@flambeau/backend";
import { describeValue, isForeign, Tensor, tensor } from "@flambeau/tensor";
import { randomRows, type SplitSizes, splitCounts, stratifiedRows } from "./generate/split.ts";
import { checkRandomState, type RandomStateLike } from "./numpy/random-state.ts";

/** Options of {@link trainTestSplit}. */
export interface TrainTestSplitOptions extends SplitSizes {
  /** Whether to take rows in random order. Default: true. */
  readonly shuffle?: boolean;
  /** Class labels, one for each row: both parts get each class as often as it is in all. Default: none. */
  readonly stratify?: Tensor | null;
  /** Seed or stream of the order. Default: NumPy's own. */
  readonly randomState?: RandomStateLike;
}

export function trainTestSplit(X: Tensor, options?: TrainTestSplitOptions): [train: Tensor, test: Tensor];
export function trainTestSplit(
  X: Tensor,
  y: Tensor,
  options?: TrainTestSplitOptions,
): [XTrain: Tensor, XTest: Tensor, yTrain: Tensor, yTest: Tensor];
export function trainTestSplit(...given: [...tensors: Tensor[], options: TrainTestSplitOptions]): Tensor[];
/**
 * Tensors of as many rows, split alike into rows to train and rows to test with, in fresh memory. For the same
 * `randomState` the rows are scikit-learn's.
 *
 * A size is a share (0.2) or a number of rows (50).
 *
 * @returns of each tensor in turn the rows to train and the rows to test with.
 * @throws ShapeError when the tensors do not have as many rows; ValueError when a size does not fit, or classes do not
 *   have enough rows; DeviceError when labels to stratify by are on a device that cannot be read at once.
 *
 * @example
 * ```ts
 * import { arange, datasets } from "flambeau";
 *
 * const X = arange(10).reshape([5, 2]);
 * const y = arange(5n);
 * const [XTrain, XTest, yTrain, yTest] = datasets.trainTestSplit(X, y, { testSize: 0.33, randomState: 42 });
 * console.log(XTrain.shape, String(XTest), String(yTrain), String(yTest));
 * // [ 3, 2 ] tensor([[2., 3.],
 * //         [8., 9.]]) tensor([2, 0, 3]) tensor([1, 4])
 * ```
 */
export function trainTestSplit(...given: (Tensor | TrainTestSplitOptions | undefined)[]): Tensor[] {
  const last = given.at(-1);
  const foreign = given.find(isForeign);
  if (foreign !== undefined)
    throw new ValueError(`trainTestSplit takes tensors; got ${describeValue(foreign)}`);
  const options = last === undefined || last instanceof Tensor ? {} : last;
  const tensors = given.filter((x) => x instanceof Tensor);
  const rows = checkRows(tensors);
  const { shuffle = true, stratify = null, randomState } = options;
  const { train, test } = splitCounts(rows, options);
  const indices = (from: readonly number[]): Tensor => tensor(BigInt64Array.from(from, BigInt));
  if (!shuffle) {
    if (stratify !== null)
      throw new ValueError("trainTestSplit: a stratified split is a random one; leave out shuffle: false");
    return tensors.flatMap((x) => [x.narrow(0, 0, train).clone(), x.narrow(0, train, test).clone()]);
  }
  const random = checkRandomState(randomState);
  const parts =
    stratify === null
      ? randomRows(random, rows, train, test)
      : stratifiedRows(random, labelsOf(stratify, rows), train, test);
  const [trains, tests] = [indices(parts.train), indices(parts.test)];
  return tensors.flatMap((x) => [trains, tests].map((index) => x.indexSelect(0, index.to(x.device))));
}

function checkRows(tensors: readonly Tensor[]): number {
  if (tensors.length === 0) throw new ValueError("trainTestSplit takes one tensor at least");
  for (const x of tensors) {
    if (x.ndim === 0 || x.shape[0] !== tensors[0].shape[0]) {
      const shapes = tensors.map(({ shape }) => formatShape(shape)).join(", ");
      throw new ShapeError(`trainTestSplit takes tensors of as many rows; got shapes ${shapes}`);
    }
  }
  return tensors[0].shape[0];
}

function labelsOf(stratify: Tensor, rows: number): (number | bigint)[] {
  if (stratify.ndim === 1 && stratify.shape[0] === rows)
    return Array.from(stratify.dataSync() as ArrayLike<number | bigint>);
  throw new ShapeError(
    `trainTestSplit: stratify has a label for each of ${rows} rows; got shape ${formatShape(stratify.shape)}`,
  );
}
