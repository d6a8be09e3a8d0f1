/**
 * Memory for time: `torch.utils.checkpoint`.
 *
 * @module
 */
import { checkpoint } from "@flambeau/autograd";
import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import type { Module } from "../module/module.ts";

export { type CheckpointOptions, checkpoint } from "@flambeau/autograd";

interface Types {
  /** The modules or functions, each run on the result of the one before. */
  readonly functions: Iterable<Module | ((x: Tensor) => Tensor)>;
}

const SIGNATURE =
  "checkpointSequential(functions: parameters, segments: int, input: tensor, *, preserveRngState: bool = true)";

/**
 * Runs modules one after another, in so many segments of equal length; what the segments but the last compute on the way is not kept, and is
 * computed again in the backward pass. See `checkpoint`.
 *
 * @throws ValueError when there are not so many modules as segments, or `segments` is no integer from 1.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 8), new nn.Tanh());
 * const y = nn.utils.checkpointSequential(model, 2, ones([1, 2]));
 * y.sum().backward();
 * console.log(y.equal(model(ones([1, 2]))), model.parameters().every((p) => p.grad !== null));
 * // true true
 * ```
 */
export function checkpointSequential(...args: Args<typeof SIGNATURE, Types>): Tensor {
  const { functions, segments, input, preserveRngState } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
  const list = [...functions] as ((x: Tensor) => Tensor)[];
  if (!Number.isInteger(segments) || segments < 1 || segments > list.length)
    throw new ValueError(
      `checkpointSequential: segments is an integer from 1 to ${list.length}, the number of modules; got ${quote(segments)}`,
    );
  const size = Math.floor(list.length / segments);
  const last = size * (segments - 1);
  const through = (from: number, to: number) => (x: Tensor) =>
    list.slice(from, to).reduce((y, run) => run(y), x);
  let x = input;
  for (let from = 0; from < last; from += size)
    x = checkpoint(through(from, from + size), x, { preserveRngState });
  return through(last, list.length)(x);
}
