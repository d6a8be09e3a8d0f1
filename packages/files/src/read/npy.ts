import { isFloat } from "@flambeau/backend";
import { backendOf, fromNpy } from "@flambeau/tensor";
import type { Reader } from "./place.ts";

/** As arrays of a `.npz` file are read: halves become float32 where the device has none, and only floats another dtype. */
export const readNpy: Reader = async (input, { device, dtype }) => {
  const bytes = await input.readAll();
  const header = String.fromCharCode(...bytes.subarray(0, 128));
  const isHalf = /'descr': '[<>=]f2'/.test(header);
  const own = isHalf && !backendOf(device).supports("float16") ? { dtype: "float32" as const } : {};
  const x = fromNpy(bytes, { ...own, ...(device === undefined ? {} : { device }) });
  return dtype !== undefined && isFloat(x.dtype) ? x.to(dtype) : x;
};
