import type { DType } from "@flambeau/backend";

/** PyTorch's class of storages of each dtype. */
export const storageClasses: Readonly<Record<DType, string>> = {
  bool: "BoolStorage",
  uint8: "ByteStorage",
  int32: "IntStorage",
  int64: "LongStorage",
  float16: "HalfStorage",
  float32: "FloatStorage",
  float64: "DoubleStorage",
};
