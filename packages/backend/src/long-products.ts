/**
 * Products of matrices over other kernels. A sum of float32 over many steps, kept in float32, drifts from the right one: a
 * million steps leave three or four digits. Here such sums are cut up, and the parts are added as `reduce` adds.
 */
import type { Backend, Epilogue, Strided } from "./backend.ts";
import { E, input } from "./expr.ts";
import { ReduceKernel } from "./kernel.ts";
import { contiguousStrides, numel } from "./shape.ts";

type Device = Pick<Backend, "allocate" | "matmul" | "reduce" | "map" | "release">;

const dot = new ReduceKernel("dot", "sum", { inputs: 2, prepare: E.mul(input(0), input(1)) });
const total = new ReduceKernel("total", "sum");

/**
 * `matmul` of floats where a has one row or b one column: a reduction of rows times a vector.
 *
 * @internal
 */
export function matmulByDots(
  device: Device,
  a: Strided,
  b: Strided,
  output: Strided,
  epilogue?: Epilogue,
): void {
  const { shape } = output;
  const isColumn = shape[shape.length - 1] === 1;
  const [rows, vector, out] = isColumn ? [a, transposed(b), output] : [transposed(b), a, transposed(output)];
  const all = [...out.shape.slice(0, -1), a.shape[a.shape.length - 1]];
  device.reduce(dot, "float32", all, [rows, vector], [], out);
  finish(device, output, epilogue);
}

/**
 * `matmul` of floats as one product for each so many steps of the inner dimension, and the sum of these.
 *
 * @internal
 */
export function matmulInSlices(
  device: Device,
  a: Strided,
  b: Strided,
  output: Strided,
  length: number,
  epilogue?: Epilogue,
): void {
  const { shape } = output;
  const size = numel(shape);
  if (size === 0) return;
  const k = a.shape[a.shape.length - 1];
  const whole = Math.floor(k / length);
  const count = Math.ceil(k / length);
  const storage = device.allocate("float32", count * size);
  const parts = (from: number, to: number): Strided => ({
    storage,
    dtype: "float32",
    shape: [to - from, ...shape],
    strides: [size, ...contiguousStrides(shape)],
    offset: from * size,
  });
  /** An operand's slices, the dimension that is cut being so many from the end. */
  const cut = (x: Strided, fromEnd: number, from: number, to: number, steps: number): Strided => {
    const missing = shape.length - x.shape.length;
    const d = x.shape.length - fromEnd;
    const step = length * x.strides[d];
    return {
      ...plain(x),
      shape: [to - from, ...new Array<number>(missing).fill(1), ...x.shape.with(d, steps)],
      strides: [step, ...new Array<number>(missing).fill(0), ...x.strides],
      offset: x.offset + from * step,
    };
  };
  const multiply = (from: number, to: number, steps: number): void =>
    device.matmul(cut(a, 1, from, to, steps), cut(b, 2, from, to, steps), parts(from, to));
  try {
    multiply(0, whole, length);
    if (count > whole) multiply(whole, count, k - whole * length);
    const sum = { ...plain(output), shape: [1, ...shape], strides: [0, ...output.strides] };
    device.reduce(total, "float32", [count, ...shape], [parts(0, count)], [], sum);
  } finally {
    device.release(storage);
  }
  finish(device, output, epilogue);
}

function finish(device: Device, output: Strided, epilogue: Epilogue | undefined): void {
  if (epilogue === undefined) return;
  device.map(epilogue.kernel, output.dtype, [output, ...epilogue.inputs], epilogue.params, [output]);
}

/** With the last two dimensions exchanged. */
function transposed(x: Strided): Strided {
  const swap = (sizes: readonly number[]): number[] => [
    ...sizes.slice(0, -2),
    ...sizes.slice(-2).toReversed(),
  ];
  return { ...plain(x), shape: swap(x.shape), strides: swap(x.strides) };
}

/**
 * A tensor's own fields as a plain operand.
 *
 * @internal
 */
export function plain({ storage, dtype, shape, strides, offset }: Strided): Strided {
  return { storage, dtype, shape, strides, offset };
}
