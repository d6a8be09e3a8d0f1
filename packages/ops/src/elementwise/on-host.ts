/** Functions that are no formula: computed on the host with the elements as they are, whatever the device. */
import { derived } from "@flambeau/autograd";
import {
  AutogradError,
  broadcastShapes,
  type DType,
  DTypeError,
  type Shape,
  ShapeError,
  sameShape,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { full, type Operand, Tensor } from "@flambeau/tensor";

/** Two operands in one dtype and shape. */
export function paired(name: string, dtype: DType, a: Operand, b: Operand): Tensor[] {
  const tensors = [a, b].filter((x) => x instanceof Tensor);
  if (tensors.length === 0)
    throw new DTypeError(`${name}: it takes at least one tensor; got only plain numbers`);
  const { device } = tensors[0];
  const shape = tensors.map((x) => x.shape).reduce((left, right) => joinedShape(name, left, right));
  return [a, b].map((x) => {
    const y = x instanceof Tensor ? x.to(dtype) : full([], x, { dtype, device });
    return sameShape(y.shape, shape) ? y : y.expand(shape);
  });
}

function joinedShape(name: string, a: Shape, b: Shape): Shape {
  try {
    return broadcastShapes(a, b);
  } catch (error) {
    throw error instanceof ShapeError ? new ShapeError(`${name}: ${error.message}`) : error;
  }
}

/** A tensor of each pair of elements of two tensors of one dtype and shape: `fill` gets their elements and the result's. */
export function onPairs<A extends TypedArray>(
  [a, b]: readonly Tensor[],
  fill: (xs: A, ys: A, out: A) => void,
): Tensor {
  const out = Tensor.empty(a.storage.backend, a.shape, a.dtype);
  if (out.numel() === 0) return out;
  a.storage.backend.onHost([a, b], [out], ([xs, ys]) => {
    const results = typedArray(a.dtype, xs.length);
    fill(xs as A, ys as A, results as A);
    return [results];
  });
  return out;
}

/** An op whose backward pass throws, as PyTorch's does. */
export function withoutDerivative(
  name: string,
  run: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
): Tensor {
  const [out] = derived(
    {
      name: `${name[0].toUpperCase()}${name.slice(1)}`,
      run: (given) => [run(given)],
      backward: () => {
        throw new AutogradError(`${name} has no derivative`);
      },
    },
    ...inputs,
  );
  return out;
}
