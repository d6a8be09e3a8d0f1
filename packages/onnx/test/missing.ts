/** Cases of the sweep that onnxruntime-web 1.31 has no kernel for in float64, with the op that it lacks; the files are valid. */
export const MISSING_FLOAT64: Readonly<Record<string, string>> = {
  tan: "Tan",
  atan: "Atan",
  sinh: "Sinh",
  cosh: "Cosh",
  asinh: "Asinh",
  erf: "Erf",
  erfc: "Erf",
  "asin of [-0.9, 0.9]": "Asin",
  "acos of [-0.9, 0.9]": "Acos",
  "atanh of [-0.9, 0.9]": "Atanh",
  acosh: "Acosh",
  "F.gelu []": "Erf",
  atan2: "Atan",
};
