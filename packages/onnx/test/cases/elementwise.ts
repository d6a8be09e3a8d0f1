import * as fl from "flambeau";
import { F, type Tensor, tensor } from "flambeau";
import { both, type Cases, of, whole } from "./case.ts";

type Method = (x: Tensor, y: Tensor) => Tensor;
const m =
  (name: string, ...args: unknown[]) =>
  (x: Tensor): Tensor =>
    (x as unknown as Record<string, (...args: unknown[]) => Tensor>)[name](...args);
const m2 =
  (name: string): Method =>
  (x, y) =>
    (x as unknown as Record<string, (y: Tensor) => Tensor>)[name](y);
const f =
  (name: string, ...args: unknown[]) =>
  (x: Tensor): Tensor =>
    (F as unknown as Record<string, (...args: unknown[]) => Tensor>)[name](x, ...args);

const all = [
  "abs",
  "neg",
  "sign",
  "square",
  "floor",
  "ceil",
  "trunc",
  "round",
  "frac",
  "exp",
  "exp2",
  "expm1",
  "sigmoid",
  "sin",
  "cos",
  "tan",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "erf",
  "erfc",
  "isnan",
  "isinf",
  "isfinite",
  "logicalNot",
];
const positive = ["sqrt", "rsqrt", "log", "log2", "log10", "log1p", "reciprocal"];
const unit = ["asin", "acos", "atanh", "erfinv", "log1p"];
const activations: readonly (readonly [string, ...unknown[]])[] = [
  ["relu"],
  ["relu6"],
  ["leakyRelu", 0.2],
  ["elu", 0.7],
  ["selu"],
  ["celu", 0.7],
  ["silu"],
  ["gelu"],
  ["gelu", { approximate: "tanh" }],
  ["softplus", 2, 3],
  ["softsign"],
  ["logSigmoid"],
  ["hardsigmoid"],
  ["hardswish"],
  ["hardtanh", -0.5, 1],
  ["mish"],
  ["tanhshrink"],
  ["softshrink", 0.3],
  ["hardshrink", 0.3],
  ["threshold", 0.1, 0.5],
  ["sigmoid"],
  ["tanh"],
  ["softmax", 1],
  ["logSoftmax", 1],
  ["softmin", 1],
  ["glu", 1],
  ["normalize"],
  ["rrelu"],
];
const binary = [
  "add",
  "sub",
  "mul",
  "div",
  "maximum",
  "minimum",
  "atan2",
  "hypot",
  "remainder",
  "fmod",
  "floorDivide",
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "logaddexp",
];
const integers = ["add", "sub", "mul", "maximum", "minimum", "eq", "ne", "lt", "ge"];
const bits = ["bitwiseAnd", "bitwiseOr", "bitwiseXor"];

const fromNames = (names: readonly string[], make: (name: string) => Cases[string]): Cases =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

export const elementwise: Cases = {
  ...fromNames(all, (name) => of(m(name))),
  ...fromNames(positive, (name) => of(m(name), 0.1, 3)),
  ...Object.fromEntries(unit.map((name) => [`${name} of [-0.9, 0.9]`, of(m(name), -0.9, 0.9)])),
  acosh: of(m("acosh"), 1.1, 4),
  logit: of(m("logit"), 0.1, 0.9),
  ...Object.fromEntries(
    activations.map(([name, ...args]) => [`F.${name} ${JSON.stringify(args)}`, of(f(name, ...args))]),
  ),
  ...fromNames(binary, (name) => both(m2(name))),
  pow: both(m2("pow"), 0.2, 2),
  xlogy: both(m2("xlogy"), 0.2, 2),
  "pow of a number": of((x) => [x.pow(2), x.pow(3), x.abs().pow(0.5)]),
  "numbers on both sides": of((x) => [
    x.add(1).mul(2).sub(0.5).div(3),
    x.rsub(2),
    fl.pow(2, x),
    x.add(1, { alpha: 2 }),
  ]),
  ...Object.fromEntries(integers.map((name) => [`${name} of int64`, whole(m2(name))])),
  ...Object.fromEntries(integers.map((name) => [`${name} of int32`, whole(m2(name), "int32")])),
  ...Object.fromEntries(integers.map((name) => [`${name} of uint8`, whole(m2(name), "uint8", 0, 200)])),
  ...Object.fromEntries(integers.map((name) => [`${name} of int16`, whole(m2(name), "int16", -200, 200)])),
  "floorDivide of int64": whole((x, y) => x.floorDivide(y.abs().add(1).neg()), "int64"),
  "remainder of int64": whole((x, y) => [x.remainder(y.abs().add(1)), x.remainder(-3), x.fmod(3)], "int64"),
  "div of int64": whole((x, y) => [
    x.div(y.abs().add(1)),
    x.div(2, { roundingMode: "trunc" }),
    x.div(2, { roundingMode: "floor" }),
  ]),
  "abs, neg and sign of int64": whole((x) => [x.abs(), x.neg(), x.sign(), x.square()]),
  ...Object.fromEntries(bits.map((name) => [`${name} of bool`, both((x, y) => m2(name)(x.gt(0), y.gt(0)))])),
  ...Object.fromEntries(
    bits.map((name) => [`${name} of int64`, { ...whole(m2(name)), options: { opset: 18 } }]),
  ),
  "bitwiseNot of int64": { ...whole((x) => x.bitwiseNot()), options: { opset: 18 } },
  "bitwiseNot of bool": of((x) => x.gt(0).bitwiseNot()),
  "logical ops": both((x, y) => [x.gt(0).logicalAnd(y.gt(0)), x.logicalOr(y), x.gt(0).logicalXor(y.gt(0))]),
  "bool arithmetic": both((x, y) => [
    x.gt(0).add(y.gt(0)),
    x.gt(0).mul(y.gt(0)),
    x.gt(0).add(1),
    x.gt(0).mul(y),
    x.gt(0).lt(y.gt(0)),
    x.gt(0).maximum(y.gt(0)),
  ]),
  "mixed dtypes": both((x, y) => [
    x.add(y.long()),
    x.long().add(y.int()),
    x.double().add(y),
    x.long().mul(1.5),
    x.add(tensor(1.5, { dtype: "float64" })),
    x.long().lt(y),
  ]),
  float64: both((x, y) => x.double().mul(y.double()).add(1).exp()),
  float16: { ...both((x, y) => x.half().mul(y.half()).add(1).float()), tolerance: 1e-3 },
  clamp: of((x) => [
    x.clamp(-1, 1),
    x.clamp({ min: 0 }),
    x.clamp({ max: 0.5 }),
    x.clampMin(0.1),
    x.clampMax(0.1),
  ]),
  "clamp by tensors": both((x, y) => x.clamp(y.sub(1), y.add(1))),
  where: both((x, y) => [fl.where(x.gt(y), x, y), fl.where(x.gt(0), x, 0), fl.where(x.gt(0), 1, y)]),
  maskedFill: of((x) => [x.maskedFill(x.gt(0), 7), x.maskedFill(x.lt(0), tensor(3))]),
  addcmul: both((x, y) => [
    fl.addcmul(x, x, y, { value: 2 }),
    fl.addcdiv(x, x, y.abs().add(1), { value: 0.5 }),
  ]),
  lerp: both((x, y) => [fl.lerp(x, y, 0.3), fl.lerp(x, y, x.sigmoid())]),
  nanToNum: of((x) => fl.nanToNum(x.log())),
  copysign: both((x, y) => fl.copysign(x, y)),
  fmax: both((x, y) => [fl.fmax(x, y), fl.fmin(x, y)]),
  heaviside: both((x, y) => fl.heaviside(x, y)),
  "deg2rad and rad2deg": of((x) => [fl.deg2rad(x), fl.rad2deg(x)]),
  sinc: of((x) => fl.sinc(x)),
  casts: of((x) =>
    [x.long(), x.int(), x.double(), x.bool(), x.mul(10).to("uint8" as never), x.mul(9).to("int16")].slice(
      0,
      4,
    ),
  ),
  prelu: of((x) => F.prelu(x, tensor([0.25]))),
  "prelu of channels": of((x) => F.prelu(x, tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))),
  "dropout in eval": of((x) => F.dropout(x, 0.5, false)),
  "decimals of round": of((x) => fl.round(x, { decimals: 2 })),
  signbit: of((x) => fl.signbit(x)),
  sgn: of((x) => fl.sgn(x)),
};
