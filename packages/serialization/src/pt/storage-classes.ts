import type { DType } from "@flambeau/backend";

/** PyTorch's class of storages of each dtype. */
export const storageClasses: Readonly<Record<DType, string>> = {
  bool: "BoolStorage",
  uint8: "ByteStorage",
  int8: "CharStorage",
  int16: "ShortStorage",
  int32: "IntStorage",
  int64: "LongStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  float32: "FloatStorage",
  float64: "DoubleStorage",
};
