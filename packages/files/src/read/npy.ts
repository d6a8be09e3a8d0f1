import { type DType, isFloat, widerOf } from "@flambeau/backend";
import { backendOf, fromNpy } from "@flambeau/tensor";
import type { Reader } from "./place.ts";

/** NumPy's codes of types whose dtypes some devices lack. */
const NARROW: ReadonlyMap<string, DType> = new Map([
  ["i1", "int8"],
  ["i2", "int16"],
  ["f2", "float16"],
]);

/** As arrays of a `.npz` file are read: those of narrow dtypes in the wider where the device has none, and only floats another dtype. */
export const readNpy: Reader = async (input, { device, dtype }) => {
  const bytes = await input.readAll();
  const header = String.fromCharCode(...bytes.subarray(0, 128));
  const narrow = NARROW.get(/'descr': '[<>=|](\w+)'/.exec(header)?.[1] ?? "");
  const isLacking = narrow !== undefined && !backendOf(device).supports(narrow);
  const x = fromNpy(bytes, {
    ...(isLacking ? { dtype: widerOf(narrow) } : {}),
    ...(device === undefined ? {} : { device }),
  });
  return dtype !== undefined && isFloat(x.dtype) ? x.to(dtype) : x;
};
