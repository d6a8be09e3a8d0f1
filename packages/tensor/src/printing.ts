import { type DType, isContiguous } from "@flambeau/backend";
import { backendOf } from "./device.ts";
import { formatTensor } from "./printing/index.ts";
import { Tensor } from "./tensor.ts";

/**
 * The text of a tensor on a device that can be read at once: PyTorch's. Of another device, its shape and device;
 * `toStringAsync` gives the values.
 */
export function toText(x: Tensor): string {
  const { backend } = x.storage;
  if (x.storage.released) return "tensor(disposed)";
  if (backend.downloadSync === undefined) {
    return `tensor(..., size=(${x.shape.join(", ")}), dtype=${x.dtype}, device='${backend.name}')`;
  }
  return format(x, x);
}

/** As `toText`, with the values whatever the device. */
export async function toTextAsync(x: Tensor): Promise<string> {
  if (x.storage.backend.downloadSync !== undefined) return toText(x);
  const elements = await x.data();
  return format(x, new Tensor(backendOf("cpu").upload(x.dtype, elements), x.shape));
}

/** Reads only what is printed: a summary of a large tensor does not copy it. */
function format(x: Tensor, local: Tensor): string {
  const read = reader(local);
  return formatTensor({
    shape: x.shape,
    dtype: x.dtype as DType,
    at: read,
    requiresGrad: x.requiresGrad,
    gradFn: x.gradFn?.name ?? null,
    device: x.device,
  });
}

function reader(x: Tensor): (i: number) => number | bigint {
  const elements = x.numel() <= 1000 ? x.dataSync() : null;
  if (elements !== null) return (i) => elements[i];
  const dense = isContiguous(x.shape, x.strides);
  return (i) => {
    let offset = x.offset;
    if (dense) offset += i;
    else {
      for (let d = x.ndim - 1, rest = i; d >= 0; d--) {
        offset += (rest % x.shape[d]) * x.strides[d];
        rest = Math.floor(rest / x.shape[d]);
      }
    }
    return new Tensor(x.storage, [1], [1], offset).dataSync()[0];
  };
}
