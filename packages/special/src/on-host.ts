/** Functions that are series and recurrences: computed on the host in double precision, whatever the device. */
import {
  broadcastShapes,
  type DType,
  DTypeError,
  isFloat,
  type Shape,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { computeOnHost, full, getDefaultDType, type Operand, resultType, Tensor } from "@flambeau/tensor";

/** `f` of the elements of tensors of one shape and dtype. Integers give the default float. Not recorded. */
export function mapOnHost(f: (...xs: number[]) => number, ...inputs: readonly Tensor[]): Tensor {
  const [{ storage, shape, dtype }] = inputs;
  const out = Tensor.empty(storage.backend, shape, floatOf(dtype));
  if (out.numel() > 0) computeOnHost(inputs, [out], ([a, b], [y]) => fill(y, f, a, b));
  return out;
}

function fill(y: Float64Array, f: (...xs: number[]) => number, a: Float64Array, b?: Float64Array): void {
  if (b === undefined) for (let i = 0; i < y.length; i++) y[i] = f(a[i]);
  else for (let i = 0; i < y.length; i++) y[i] = f(a[i], b[i]);
}

/** The name of a node, which PyTorch numbers by which operand is a plain scalar. */
export function nodeOf(name: string, a: Operand, b: Operand): string {
  return `${name}Backward${a instanceof Tensor ? (b instanceof Tensor ? 0 : 2) : 1}`;
}

const floatOf = (dtype: DType): DType => (isFloat(dtype) ? dtype : getDefaultDType());

/** Two operands as floats of one dtype and shape: casts and broadcasting are recorded, so that gradients are summed. */
export function joined(name: string, a: Operand, b: Operand): Tensor[] {
  const dtype = floatOf(resultType([a, b]));
  const tensors = [a, b].filter((x) => x instanceof Tensor);
  if (tensors.length === 0)
    throw new DTypeError(`${name}: it takes at least one tensor; got only plain numbers`);
  const shape = tensors.map((x) => x.shape).reduce((left, right) => joinedShape(name, left, right));
  const { device } = tensors[0];
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
