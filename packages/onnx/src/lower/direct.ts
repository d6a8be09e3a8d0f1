/** Elementwise ops that ONNX has under a name of its own, for floats: shorter than their formulas. */
import type { Argument } from "@flambeau/graph";
import { float, type Ref } from "../builder.ts";
import type { Emit } from "../emit.ts";

/** null where the arguments have no such form. */
type Direct = (x: Emit, operands: readonly Ref[], args: readonly Argument[]) => Ref | null;

const named =
  (op: string): Direct =>
  (x, [a]) =>
    x.node(op, [a], a.dtype);

const product =
  (op: string): Direct =>
  (x, [a]) =>
    x.node("Mul", [a, x.node(op, [a], a.dtype)], a.dtype);

export const DIRECT: Readonly<Record<string, Direct>> = {
  relu: named("Relu"),
  sigmoid: named("Sigmoid"),
  reciprocal: named("Reciprocal"),
  silu: product("Sigmoid"),
  hardswish: (x, [a]) => x.node("HardSwish", [a], a.dtype),
  hardsigmoid: (x, [a]) => x.node("HardSigmoid", [a], a.dtype, { alpha: float(1 / 6), beta: float(0.5) }),
  leakyRelu: (x, [a], [, slope]) =>
    typeof slope === "number" ? x.node("LeakyRelu", [a], a.dtype, { alpha: float(slope) }) : null,
  elu: (x, [a], [, alpha]) =>
    typeof alpha === "number" ? x.node("Elu", [a], a.dtype, { alpha: float(alpha) }) : null,
  selu: named("Selu"),
  hardtanh: (x, [a, min, max]) => x.node("Clip", [a, min, max], a.dtype),
  gelu: (x, [a]) => (x.opset < 20 ? null : x.node("Gelu", [a], a.dtype)),
  isnan: (x, [a]) => x.node("IsNaN", [a], "bool"),
};
