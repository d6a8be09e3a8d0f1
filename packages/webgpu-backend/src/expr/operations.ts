import { type BinaryFn, type DType, isFloat, type UnaryFn } from "@flambeau/backend";
import { LONG, type ValueType, valueType } from "./convert.ts";
import type { Helpers } from "./helpers.ts";

/** A function of one value of a compute dtype as WGSL; undefined where the dtype has none. */
export function unaryCode(fn: UnaryFn, compute: DType, x: string, helpers: Helpers): string | undefined {
  if (compute === "bool" && fn === "neg") return x;
  if (compute === "bool" && fn === "bitnot") return `(1 - ${x})`;
  const own = valueType(compute);
  const value = unary[own][fn]?.(x) ?? call(unaryNames[own][fn], [x], helpers);
  return value === undefined ? undefined : wrapped(value, compute);
}

/** A function of two values of a compute dtype as WGSL; undefined where the dtype has none. */
export function binaryCode(
  fn: BinaryFn,
  compute: DType,
  x: string,
  y: string,
  helpers: Helpers,
): string | undefined {
  if (fn in comparisons) return ofVerdict(compareCode(fn, compute, x, y, helpers), compute);
  if (compute === "bool" && fn === "add") return `${x} | ${y}`;
  if (compute === "bool" && fn === "sub") return `${x} ^ ${y}`;
  const own = valueType(compute);
  const operator = operators[own][fn];
  if (operator !== undefined) return wrapped(`${x} ${operator} ${y}`, compute);
  if (own === LONG && (fn === "min" || fn === "max")) {
    const [a, b] = fn === "min" ? [x, y] : [y, x];
    return `select(${y}, ${x}, ${helpers.call("longLess", a, b)})`;
  }
  const value = call(binaryNames[own][fn], [x, y], helpers);
  return value === undefined ? undefined : wrapped(value, compute);
}

/** A comparison as a WGSL bool. */
export function compareCode(fn: BinaryFn, compute: DType, x: string, y: string, helpers: Helpers): string {
  if (compute !== "int64") return `(${x} ${comparisons[fn]} ${y})`;
  if (fn === "eq") return `all(${x} == ${y})`;
  if (fn === "ne") return `any(${x} != ${y})`;
  const isTurned = fn === "gt" || fn === "le";
  const less = isTurned ? helpers.call("longLess", y, x) : helpers.call("longLess", x, y);
  return fn === "lt" || fn === "gt" ? less : `!${less}`;
}

/** Whether a value is not zero, as a WGSL bool. */
export function isTrue(compute: DType, x: string): string {
  if (compute === "int64") return `any(${x} != ${LONG}())`;
  return isFloat(compute) ? `!(${x} == 0.0)` : `(${x} != 0)`;
}

/** A WGSL bool as a value, 0 or 1. */
export function ofVerdict(condition: string, compute: DType): string {
  const type = valueType(compute);
  if (type === LONG) return `select(${LONG}(), ${LONG}(1u, 0u), ${condition})`;
  return type === "f32" ? `select(0.0, 1.0, ${condition})` : `select(0, 1, ${condition})`;
}

function call(name: string | undefined, operands: string[], helpers: Helpers): string | undefined {
  return name === undefined ? undefined : helpers.call(name, ...operands);
}

/** uint8 wraps after every operation. */
function wrapped(value: string, compute: DType): string {
  return compute === "uint8" ? `(${value}) & 255` : value;
}

export const comparisons: { readonly [fn in BinaryFn]?: string } = {
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

type Operators = { readonly [fn in BinaryFn]?: string };
const bits: Operators = { bitand: "&", bitor: "|", bitxor: "^" };
const operators: Readonly<Record<ValueType, Operators>> = {
  f32: { add: "+", sub: "-", mul: "*", div: "/" },
  i32: { add: "+", sub: "-", mul: "*", ...bits },
  [LONG]: bits,
};

type Unary = { readonly [fn in UnaryFn]?: (x: string) => string };
const same = (x: string): string => x;
const whole: Unary = { floor: same, ceil: same, trunc: same, round: same };

/** What WGSL's own operators and exact functions do. */
const unary: Readonly<Record<ValueType, Unary>> = {
  f32: {
    neg: (x) => `-${x}`,
    abs: (x) => `abs(${x})`,
    floor: (x) => `floor(${x})`,
    ceil: (x) => `ceil(${x})`,
    trunc: (x) => `trunc(${x})`,
    // Halves to the even one, as WGSL says.
    round: (x) => `round(${x})`,
  },
  i32: {
    neg: (x) => `-${x}`,
    abs: (x) => `abs(${x})`,
    sign: (x) => `sign(${x})`,
    bitnot: (x) => `~${x}`,
    ...whole,
  },
  [LONG]: { bitnot: (x) => `~${x}`, ...whole },
};

type Names<Fn extends string> = { readonly [fn in Fn]?: string };

/** The other functions' names in the library of `helpers.ts`. */
const unaryNames: Readonly<Record<ValueType, Names<UnaryFn>>> = {
  f32: {
    sign: "sgn",
    sqrt: "root",
    exp: "expOf",
    expm1: "expm1",
    log: "logOf",
    log2: "log2Of",
    log10: "log10Of",
    log1p: "log1pOf",
    sin: "sinOf",
    cos: "cosOf",
    tan: "tanOf",
    asin: "asinOf",
    acos: "acosOf",
    atan: "atanOf",
    sinh: "sinhOf",
    cosh: "coshOf",
    tanh: "tanhOf",
    asinh: "asinhOf",
    acosh: "acoshOf",
    atanh: "atanhOf",
    erf: "erfOf",
    erfc: "erfcOf",
    erfinv: "erfinvOf",
  },
  i32: {},
  [LONG]: { neg: "longNeg", abs: "longAbs", sign: "longSign" },
};

const binaryNames: Readonly<Record<ValueType, Names<BinaryFn>>> = {
  f32: {
    min: "floatMin",
    max: "floatMax",
    pow: "powOf",
    atan2: "atan2Of",
    fmod: "fmodOf",
    mod: "modOf",
    floordiv: "floorDiv",
    truncdiv: "truncDiv",
  },
  i32: {
    min: "min",
    max: "max",
    truncdiv: "intDiv",
    floordiv: "intFloorDiv",
    mod: "intMod",
    fmod: "intFmod",
    pow: "intPow",
  },
  [LONG]: {
    add: "longAdd",
    sub: "longSub",
    mul: "longMul",
    truncdiv: "longDiv",
    floordiv: "longFloorDiv",
    mod: "longMod",
    fmod: "longFmod",
    pow: "longPow",
  },
};
