/**
 * Fractional max pooling as modules.
 *
 * @module
 */
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { type FractionalLayout, fractionalLayout, fractionalMax } from "../functional/fractional-max.ts";
import type { Size2d, Size3d } from "../functional/windows.ts";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { Buffer } from "../parameter.ts";

interface Options<S, Indices extends boolean> {
  /** How many windows there are along each dimension. */
  readonly outputSize?: S;
  /** How many windows there are, as a part of the input's size. */
  readonly outputRatio?: S;
  /** Whether a call gives `[values, indices]`. */
  readonly returnIndices?: Indices;
}

/** What fractional pooling of planes and volumes shares. */
abstract class FractionalMaxPool<Indices extends boolean> extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = { randomSamples: "_random_samples" };

  /** The size of the window. */
  readonly kernelSize: readonly number[];
  /** How many windows there are along each dimension, or null. */
  readonly outputSize: readonly number[] | null;
  /** How many windows there are, as a part of the input's size, or null. */
  readonly outputRatio: readonly number[] | null;
  /** Whether a call gives `[values, indices]`. */
  readonly returnIndices: Indices;
  /** What the windows' places are taken from, in place of new random numbers at each call; or null. */
  readonly randomSamples: Buffer | null;

  constructor(layout: FractionalLayout, returnIndices: Indices, randomSamples: Tensor | undefined) {
    super();
    this.kernelSize = layout.kernel;
    this.outputSize = layout.outputSize;
    this.outputRatio = layout.outputRatio;
    this.returnIndices = returnIndices;
    this.randomSamples = randomSamples === undefined ? null : new Buffer(randomSamples);
  }

  override forward(x: Tensor): Indices extends true ? [Tensor, Tensor] : Tensor {
    const { kernelSize, outputSize, outputRatio, randomSamples } = this;
    const layout = { kernel: kernelSize, outputSize, outputRatio };
    const found = fractionalMax(nameOf(this), x, layout, randomSamples);
    return (this.returnIndices ? found : found[0]) as Indices extends true ? [Tensor, Tensor] : Tensor;
  }
}

const PLANES =
  "FractionalMaxPool2d(kernelSize: size2, outputSize?: size2, outputRatio?: number|numbers, returnIndices = false, *, randomSamples?: tensor)";

/**
 * The largest element of windows that lie at random on planes; with `returnIndices: true` a call gives `[values, indices]`. See
 * `functional.fractionalMaxPool2d`.
 *
 * @throws ValueError when not just one of `outputSize` and `outputRatio` is given, or one is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.FractionalMaxPool2d(3, { outputRatio: 0.5 })(zeros([1, 2, 10, 8])).shape);
 * // [ 1, 2, 5, 4 ]
 * ```
 */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(...args: Args<typeof PLANES, Options<Size2d, Indices>>) {
    const bound = bind<typeof PLANES, Options<Size2d, Indices>>(PLANES, args);
    super(
      fractionalLayout("FractionalMaxPool2d", bound, 2),
      bound.returnIndices as Indices,
      bound.randomSamples,
    );
  }
}

const VOLUMES =
  "FractionalMaxPool3d(kernelSize: size3, outputSize?: size3, outputRatio?: number|numbers, returnIndices = false, *, randomSamples?: tensor)";

/**
 * The largest element of windows that lie at random in volumes; with `returnIndices: true` a call gives `[values, indices]`. See
 * `functional.fractionalMaxPool3d`.
 *
 * @throws ValueError when not just one of `outputSize` and `outputRatio` is given, or one is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.FractionalMaxPool3d(2, 3)(zeros([1, 2, 5, 6, 7])).shape);
 * // [ 1, 2, 3, 3, 3 ]
 * ```
 */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(...args: Args<typeof VOLUMES, Options<Size3d, Indices>>) {
    const bound = bind<typeof VOLUMES, Options<Size3d, Indices>>(VOLUMES, args);
    super(
      fractionalLayout("FractionalMaxPool3d", bound, 3),
      bound.returnIndices as Indices,
      bound.randomSamples,
    );
  }
}
