import { type Tensor, tensor } from "@flambeau/tensor";
import type { Table } from "./generate/table.ts";

/** A table as a float64 tensor of its shape. */
export function toTensor({ data, shape }: Table): Tensor {
  return tensor(data).reshape([...shape]);
}
