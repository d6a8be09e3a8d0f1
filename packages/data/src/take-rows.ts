import { ValueError } from "@flambeau/backend";
import { dispatch, indexSelect, Tensor } from "@flambeau/tensor";
import { resolveIndex } from "./dataset.ts";

/** Row numbers are handed over from here, so that no batch makes an array of its own. */
let scratch: Int32Array = new Int32Array(64);

/**
 * The rows `indices` of tensors of one length, in fresh memory: what stacking the rows one by one would give.
 *
 * @throws IndexError when there is no such row; ValueError when there are no indices.
 */
export function takeRows(tensors: readonly Tensor[], indices: readonly number[]): Tensor[] {
  const n = indices.length;
  const length = tensors[0].shape[0];
  if (n === 0) throw new ValueError("a batch has one item at least");
  if (scratch.length < n) scratch = new Int32Array(2 * n);
  let sequential = true;
  for (let i = 0; i < n; i++) {
    const row = resolveIndex(indices[i], length);
    sequential = sequential && (i === 0 || row === scratch[i - 1] + 1);
    scratch[i] = row;
  }
  if (sequential) return tensors.map((x) => x.narrow(0, scratch[0], n).clone());
  const rows = scratch.subarray(0, n);
  let index: Tensor | undefined;
  return tensors.map((x) => {
    const { backend } = x.storage;
    if (index === undefined || index.storage.backend !== backend) {
      index = new Tensor(backend.upload("int32", rows), [n]);
    }
    return x.recorder === null ? gatherRows(x, index) : indexSelect(x, 0, index);
  });
}

/** `indexSelect` along the first dimension, less its checks and its recording. */
function gatherRows(x: Tensor, index: Tensor): Tensor {
  return dispatch.observed("op", "indexSelect", [x, index], { dim: 0 }, () => rowsOf(x, index));
}

function rowsOf(x: Tensor, index: Tensor): Tensor {
  const shape = x.shape.slice();
  shape[0] = index.shape[0];
  const strides = new Array<number>(shape.length).fill(0);
  strides[0] = 1;
  const out = Tensor.empty(x.storage.backend, shape, x.dtype);
  x.storage.backend.gather(x, 0, index.withLayout(shape, strides), out);
  return out;
}
