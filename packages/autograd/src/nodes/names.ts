import type { Shape } from "@flambeau/backend";
import type { OpName } from "@flambeau/tensor";

/** What a printed name depends on besides the op. */
export interface Made {
  readonly op: OpName;
  readonly attrs: unknown;
  /** Which operands are plain scalars, a bit each. */
  readonly scalars: number;
  readonly inputShapes: readonly Shape[];
}

/** PyTorch has one node for a scalar exponent or divisor, another for a tensor. */
const scalarFirst = (name: string) => (m: Made) => `${name}Backward${m.scalars & 2 ? 0 : 1}`;
const product = (m: Made): string =>
  m.inputShapes[0].length === 2 && m.inputShapes[1].length === 2 ? "MmBackward0" : "UnsafeViewBackward0";

/**
 * What `String(x)` shows after `grad_fn=` where PyTorch 1.13's name is not the op's with "Backward0" after it. Several of
 * PyTorch's ops are one of ours (view, squeeze and select are all a reshape); the name is then that of the commonest.
 */
const names: { readonly [K in OpName]?: string | ((m: Made) => string) } = {
  log1p: "Log1PBackward0",
  square: "PowBackward0",
  pow: (m) => `PowBackward${[1, 2, 0][m.scalars]}`,
  remainder: scalarFirst("Remainder"),
  fmod: scalarFirst("Fmod"),
  rsub: (m) => (m.scalars === 0 ? "RsubBackward0" : "RsubBackward1"),
  sub: (m) => (m.scalars & 1 ? "RsubBackward1" : "SubBackward0"),
  div: (m) => (m.scalars & 1 ? "MulBackward0" : "DivBackward0"),
  floorDivide: "DivBackward2",
  xlogy: (m) => `XlogyBackward${m.scalars}`,
  lerp: (m) => `LerpBackward${m.scalars & 4 ? 0 : 1}`,
  clamp: (m) => `ClampBackward${m.scalars === 6 ? 1 : 0}`,
  clampMin: scalarFirst("ClampMin"),
  clampMax: scalarFirst("ClampMax"),
  selu: "EluBackward0",
  squaredError: "MseLossBackward0",
  absoluteError: "AbsBackward0",
  smoothL1Error: "SmoothL1LossBackward0",
  huberError: "HuberLossBackward0",

  cast: "ToCopyBackward0",
  copy: "CopyBackwards",
  fill: "FillBackward2",
  reshape: "ReshapeAliasBackward0",
  matmul: product,
  svd: "LinalgSvdBackward0",
  lstsq: "LinalgLstsqBackward0",
  linear: (m) => {
    const rows = m.inputShapes[0].length;
    if (m.inputShapes.length < 3)
      return rows === 2 ? "MmBackward0" : rows === 1 ? "SqueezeBackward3" : "UnsafeViewBackward0";
    return rows === 2 ? "AddmmBackward0" : rows === 3 ? "ViewBackward0" : "AddBackward0";
  },
};

/** The name of an op's node as it is printed. */
export function nodeName(made: Made): string {
  const name = names[made.op];
  if (name === undefined) return `${made.op[0].toUpperCase()}${made.op.slice(1)}Backward0`;
  return typeof name === "string" ? name : name(made);
}
