/** Functions that are series and recurrences: computed on the host in double precision, whatever the device. */
import { isFloat } from "@flambeau/backend";
import { computeOnHost, getDefaultDType, Tensor } from "@flambeau/tensor";

/** `f` of each element. Integers give the default float. */
export function mapOnHost(x: Tensor, f: (x: number) => number): Tensor {
  const out = Tensor.empty(x.storage.backend, x.shape, isFloat(x.dtype) ? x.dtype : getDefaultDType());
  computeOnHost([x], [out], ([values], [results]) => {
    for (let i = 0; i < results.length; i++) results[i] = f(values[i]);
  });
  return out;
}
