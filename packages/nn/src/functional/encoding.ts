import { DeviceError, DTypeError, IndexError, isFloat, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor, zeros } from "@flambeau/tensor";

const ONE_HOT = "oneHot(input, numClasses = -1)";

/**
 * For each label a row of zeros with a one at the label: `[...]` integers to `[..., numClasses]` int64.
 *
 * @param numClasses - default: one more than the largest label.
 * @throws DTypeError when labels are no integers; IndexError when one is negative or not below `numClasses`;
 *   ValueError when there is no label to tell the number of classes from; DeviceError when it is not given and the labels
 *   are on a device that cannot be read at once (there the next read tells of labels out of range).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.oneHot(tensor([0n, 2n]))));
 * // tensor([[1, 0, 0],
 * //         [0, 0, 1]])
 * ```
 */
export const oneHot: Callable<typeof ONE_HOT, Tensor> = callable(ONE_HOT, (labels, numClasses) => {
  if (isFloat(labels.dtype) || labels.dtype === "bool") {
    throw new DTypeError(`oneHot takes class labels as integers; got ${labels.dtype}`);
  }
  if (labels.numel() === 0 && numClasses <= 0)
    throw new ValueError("oneHot: without labels it needs the number of classes");
  const index = labels.to("int64");
  if (index.storage.backend.downloadSync === undefined) {
    if (numClasses === -1) {
      throw new DeviceError(
        `oneHot: the number of classes is the largest label's, and a ${labels.device} tensor cannot be read at once; write oneHot(labels, numClasses)`,
      );
    }
  } else if (labels.numel() > 0) {
    const lowest = index.amin().itemSync();
    const highest = index.amax().itemSync();
    if (lowest < 0) throw new IndexError(`oneHot: label ${lowest} is negative`);
    if (numClasses === -1) numClasses = highest + 1;
    if (highest >= numClasses)
      throw new IndexError(`oneHot: label ${highest} is out of range for ${numClasses} classes`);
  }
  if (numClasses < 1)
    throw new ValueError(`oneHot: the number of classes is positive; got ${quote(numClasses)}`);
  const rows = zeros([...labels.shape, numClasses], { dtype: "int64", device: labels.device });
  return labels.numel() === 0 ? rows : rows.scatter_(-1, index.unsqueeze(-1), 1n);
});
