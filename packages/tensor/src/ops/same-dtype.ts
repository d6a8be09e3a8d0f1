import { DTypeError } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/** @throws DTypeError when the factors of a product differ in dtype, or are bools. */
export function sameDType(what: string, tensors: readonly Tensor[]): void {
  for (const x of tensors) {
    if (x.dtype !== tensors[0].dtype) {
      throw new DTypeError(
        `${what}: dtypes ${tensors[0].dtype} and ${x.dtype} differ; convert one with .to()`,
      );
    }
  }
  if (tensors[0].dtype === "bool") throw new DTypeError(`${what} does not take bool tensors`);
}
