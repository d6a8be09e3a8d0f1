import {
  type Backend,
  contiguousStrides,
  input,
  isHalf,
  MapKernel,
  numel,
  type Strided,
} from "@flambeau/backend";
import { map } from "./map.ts";

const copy = new MapKernel("copy", 1, 0, [input(0)]);

/** Room for the elements of an operand of 16-bit floats as float32; every other operand itself. */
function room(device: Backend, x: Strided): Strided {
  if (!isHalf(x.dtype)) return x;
  const { shape } = x;
  return {
    storage: device.allocate("float32", numel(shape)),
    dtype: "float32",
    shape,
    strides: contiguousStrides(shape),
    offset: 0,
  };
}

/**
 * Runs a kernel on operands of which some are 16-bit floats: on copies in float32, from which the outputs are rounded once.
 */
export function inFloat32(
  device: Backend,
  inputs: readonly Strided[],
  outputs: readonly Strided[],
  run: (inputs: readonly Strided[], outputs: readonly Strided[]) => void,
): void {
  const operands = [...inputs, ...outputs];
  const wide = operands.map((x) => room(device, x));
  try {
    operands.forEach((x, k) => {
      if (wide[k] !== x && k < inputs.length) map(copy, wide[k].dtype, [x], [], [wide[k]]);
    });
    run(wide.slice(0, inputs.length), wide.slice(inputs.length));
    outputs.forEach((x, k) => {
      const from = wide[inputs.length + k];
      if (from !== x) map(copy, from.dtype, [from], [], [x]);
    });
  } finally {
    operands.forEach((x, k) => {
      if (wide[k] !== x) device.release(wide[k].storage);
    });
  }
}
