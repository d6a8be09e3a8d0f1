import { type Shape, type TypedArray, typedArray } from "@flambeau/backend";
import { empty, type Tensor } from "@flambeau/tensor";

/**
 * A tensor that JavaScript computes from the elements of others, in double precision, whatever the device; where they cannot be read
 * at once, it is filled when they are there. Not recorded. It has the dtype and device of the first input.
 *
 * @param compute - gets the elements of each input in row-major order and fills those of the result.
 */
export function onHost(
  inputs: readonly Tensor[],
  shape: Shape,
  compute: (inputs: readonly ArrayLike<number>[], out: Float64Array) => void,
): Tensor {
  const [{ dtype, device, storage }] = inputs;
  const out = empty(shape, { dtype, device });
  const plain = inputs.map((x) => x.detach());
  storage.backend.onHost(plain, [out], (arrays: readonly TypedArray[]) => {
    const values = new Float64Array(out.numel());
    compute(arrays as readonly ArrayLike<number>[], values);
    // Of halves the device makes them itself.
    const elements = typedArray(dtype, values.length);
    (elements as Float64Array).set(values);
    return [elements];
  });
  return out;
}
