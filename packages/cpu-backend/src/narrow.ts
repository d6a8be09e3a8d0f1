import {
  type Backend,
  contiguousStrides,
  input,
  MapKernel,
  numel,
  type Strided,
  widerOf,
} from "@flambeau/backend";
import { map } from "./map.ts";

const copy = new MapKernel("copy", 1, 0, [input(0)]);

/** Room for an operand's elements in the dtype that they are computed in; the operand itself unless it is narrow. */
function room(device: Backend, x: Strided): Strided {
  const dtype = widerOf(x.dtype);
  if (dtype === undefined) return x;
  const { shape } = x;
  return {
    storage: device.allocate(dtype, numel(shape)),
    dtype,
    shape,
    strides: contiguousStrides(shape),
    offset: 0,
  };
}

/**
 * Runs a kernel on operands of which some are narrow: on widened copies, from which the outputs are rounded once. `reads` says that
 * the outputs' own elements count, too.
 */
export function inWider(
  device: Backend,
  inputs: readonly Strided[],
  outputs: readonly Strided[],
  run: (inputs: readonly Strided[], outputs: readonly Strided[]) => void,
  reads: boolean = false,
): void {
  const operands = [...inputs, ...outputs];
  const wide = operands.map((x) => room(device, x));
  try {
    operands.forEach((x, k) => {
      if (wide[k] !== x && (reads || k < inputs.length)) map(copy, wide[k].dtype, [x], [], [wide[k]]);
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
