import { numel, type Shape, sameShape, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor, zerosLike } from "@flambeau/tensor";
import { sumRightmost } from "../broadcast.ts";
import * as constraints from "../constraints/index.ts";
import { checkDims } from "./parts-of.ts";
import { Transform } from "./transform.ts";

const RESHAPE = "ReshapeTransform(inShape: ints, outShape: ints, cacheSize: int = 0)";

/**
 * Events of one shape as events of another.
 *
 * @throws ValueError when the shapes have different numbers of elements.
 *
 * @example
 * ```ts
 * import { distributions, ones } from "flambeau";
 *
 * console.log(new distributions.ReshapeTransform([4], [2, 2]).call(ones([3, 4])).shape.join());
 * // 3,2,2
 * ```
 */
export class ReshapeTransform extends Transform {
  /** The shape of an argument. */
  readonly inShape: Shape;
  /** The shape of a result. */
  readonly outShape: Shape;

  constructor(...args: Args<typeof RESHAPE>) {
    const { inShape, outShape, cacheSize } = bind(RESHAPE, args);
    if (numel(inShape) !== numel(outShape))
      throw new ValueError(
        `ReshapeTransform: inShape [${inShape}] and outShape [${outShape}] have different numbers of elements`,
      );
    super(cacheSize);
    this.inShape = inShape;
    this.outShape = outShape;
  }

  override get domain(): constraints.Constraint {
    return constraints.independent(constraints.real, this.inShape.length);
  }
  override get codomain(): constraints.Constraint {
    return constraints.independent(constraints.real, this.outShape.length);
  }
  override get bijective(): boolean {
    return true;
  }
  protected override copied(cacheSize: number): Transform {
    return new ReshapeTransform(this.inShape, this.outShape, cacheSize);
  }
  protected override forward(x: Tensor): Tensor {
    return x.reshape([...x.shape.slice(0, x.ndim - this.inShape.length), ...this.outShape]);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.reshape([...y.shape.slice(0, y.ndim - this.outShape.length), ...this.inShape]);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return sumRightmost(zerosLike(x), this.inShape.length);
  }
  override forwardShape(shape: Shape): Shape {
    return replaced(shape, this.inShape, this.outShape);
  }
  override inverseShape(shape: Shape): Shape {
    return replaced(shape, this.outShape, this.inShape);
  }
}

function replaced(shape: Shape, from: Shape, to: Shape): Shape {
  checkDims(shape, from.length);
  const cut = shape.length - from.length;
  if (!sameShape(shape.slice(cut), from))
    throw new ValueError(`shape mismatch: expected [${from}] but got [${shape.slice(cut)}]`);
  return [...shape.slice(0, cut), ...to];
}
