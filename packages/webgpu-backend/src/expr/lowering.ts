import {
  type BinaryExpr,
  type BinaryFn,
  type ConstExpr,
  type DType,
  DTypeError,
  type Expr,
  isFloat,
  type UnaryExpr,
  type UnaryFn,
} from "@flambeau/backend";
import { floatBits } from "../dispatch.ts";
import { valueType } from "./convert.ts";
import type { Helpers } from "./helpers.ts";

/** Expressions as WGSL: statements to stand in a function's body, and the names of the results. */
export interface Lowered {
  readonly statements: string;
  readonly results: readonly string[];
}

/**
 * Lowers expressions of one compute dtype. `inputs` and `params` are what inputs and params are called in WGSL, values
 * of `valueType(compute)`; an input that is read more than once had better be a name than an access to memory.
 * `prefix` begins the names that the statements define. Each shared node is computed once.
 *
 * @throws DTypeError when a function is not defined for the dtype.
 */
export function wgslOf(
  outputs: readonly Expr[],
  compute: DType,
  inputs: readonly string[],
  params: readonly string[],
  helpers: Helpers,
  prefix: string = "v",
): Lowered {
  const lowering = new Lowering(compute, inputs, params, helpers, prefix);
  const results = outputs.map((output) => lowering.lower(output));
  return { statements: lowering.statements.join("\n"), results };
}

class Lowering {
  readonly statements: string[] = [];
  readonly #compute: DType;
  readonly #inputs: readonly string[];
  readonly #params: readonly string[];
  readonly #helpers: Helpers;
  readonly #prefix: string;
  readonly #names: Map<Expr, string> = new Map();

  constructor(
    compute: DType,
    inputs: readonly string[],
    params: readonly string[],
    helpers: Helpers,
    prefix: string,
  ) {
    this.#compute = compute;
    this.#inputs = inputs;
    this.#params = params;
    this.#helpers = helpers;
    this.#prefix = prefix;
  }

  lower(expr: Expr): string {
    if (expr.kind === "input") return this.#inputs[expr.index];
    if (expr.kind === "param") return this.#params[expr.index];
    if (expr.kind === "const") return constant(expr.value, this.#compute, this.#helpers);
    // Compilers would fold it, and with it a product with the zero that comes out.
    if (isVerdict(expr)) return constant(verdict(expr, this.#compute), this.#compute, this.#helpers);
    const known = this.#names.get(expr);
    if (known !== undefined) return known;
    const value = this.#value(expr);
    const name = `${this.#prefix}${this.#names.size}`;
    this.#names.set(expr, name);
    this.statements.push(`let ${name} = ${value};`);
    return name;
  }

  #value(expr: Exclude<Expr, { kind: "input" | "param" | "const" }>): string {
    if (expr.kind === "select") {
      const condition = this.#isTrue(expr.condition);
      return `select(${this.lower(expr.b)}, ${this.lower(expr.a)}, ${condition})`;
    }
    const value = expr.kind === "unary" ? this.#unary(expr) : this.#binary(expr);
    if (value === undefined) throw new DTypeError(`${expr.fn} is not defined for ${this.#compute}`);
    return value;
  }

  /** A condition as a WGSL bool: comparisons need not become a number first. */
  #isTrue(expr: Expr): string {
    if (expr.kind === "binary" && expr.fn in comparisons) return this.#comparison(expr);
    const value = this.lower(expr);
    return isFloat(this.#compute) ? `!(${value} == 0.0)` : `(${value} != 0)`;
  }

  #comparison({ fn, a, b }: BinaryExpr): string {
    const x = this.lower(a);
    if (isFloat(this.#compute)) {
      // Compilers may hold that a number is equal to itself, and make of != a comparison that is false for nan.
      if (fn === "eq" && a === b) return `!${this.#helpers.call("isNan", x)}`;
      if (fn === "ne") return a === b ? this.#helpers.call("isNan", x) : `!(${x} == ${this.lower(b)})`;
    }
    return `(${x} ${comparisons[fn]} ${this.lower(b)})`;
  }

  #unary({ fn, a }: UnaryExpr): string | undefined {
    const x = this.lower(a);
    if (isFloat(this.#compute)) return floatUnary[fn]?.(x) ?? this.#call(floatNames[fn], x);
    if (this.#compute === "bool" && fn === "neg") return x;
    if (this.#compute === "bool" && fn === "bitnot") return `(1 - ${x})`;
    const value = intUnary[fn]?.(x);
    return value === undefined ? undefined : this.#wrapped(value);
  }

  #binary(expr: BinaryExpr): string | undefined {
    const { fn } = expr;
    if (fn in comparisons) {
      const condition = this.#comparison(expr);
      return valueType(this.#compute) === "f32"
        ? `select(0.0, 1.0, ${condition})`
        : `select(0, 1, ${condition})`;
    }
    const [x, y] = [this.lower(expr.a), this.lower(expr.b)];
    const operator = operators[fn];
    if (isFloat(this.#compute)) {
      if (fn === "sub" && expr.a === expr.b) return this.#helpers.call("selfDifference", x);
      if (fn === "mul" && isZero(expr.a)) return this.#helpers.call("timesZero", y, x);
      if (fn === "mul" && isZero(expr.b)) return this.#helpers.call("timesZero", x, y);
      return operator !== undefined ? `${x} ${operator} ${y}` : this.#call(floatNames[fn], x, y);
    }
    if (this.#compute === "bool") {
      if (fn === "add") return `${x} | ${y}`;
      if (fn === "sub") return `${x} ^ ${y}`;
    }
    const infix = fn === "div" ? undefined : (operator ?? bitOperators[fn]);
    if (infix !== undefined) return this.#wrapped(`${x} ${infix} ${y}`);
    if (fn === "min" || fn === "max") return `${fn}(${x}, ${y})`;
    const name = intNames[fn];
    return name === undefined ? undefined : this.#wrapped(this.#call(name, x, y) as string);
  }

  #call(name: string | undefined, ...operands: string[]): string | undefined {
    return name === undefined ? undefined : this.#helpers.call(name, ...operands);
  }

  /** uint8 wraps after every operation. */
  #wrapped(value: string): string {
    return this.#compute === "uint8" ? `(${value}) & 255` : value;
  }
}

/** Whether an expression is a comparison of constants. */
function isVerdict(expr: Expr): expr is BinaryExpr {
  return (
    expr.kind === "binary" && expr.fn in comparisons && expr.a.kind === "const" && expr.b.kind === "const"
  );
}

function verdict({ fn, a, b }: BinaryExpr, compute: DType): number {
  const [x, y] = [a, b].map((operand) => held((operand as ConstExpr).value, compute));
  const verdicts = {
    eq: x === y,
    ne: x !== y,
    lt: x < y,
    le: x <= y,
    gt: x > y,
    ge: x >= y,
  };
  return verdicts[fn as keyof typeof verdicts] ? 1 : 0;
}

function isZero(expr: Expr): boolean {
  return expr.kind === "const" ? expr.value === 0 : isVerdict(expr) && verdict(expr, "float32") === 0;
}

/** A number of the formula as the compute dtype has it. */
function held(value: number, compute: DType): number {
  if (isFloat(compute)) return Math.fround(value);
  if (compute === "bool") return value !== 0 ? 1 : 0;
  return compute === "uint8" ? Math.trunc(value) & 255 : Math.trunc(value) | 0;
}

/** A number of the formula as WGSL. */
export function constant(value: number, compute: DType, helpers: Helpers): string {
  const x = held(value, compute);
  if (!isFloat(compute)) return x === -2147483648 ? "(-2147483647 - 1)" : `${x < 0 ? `(${x})` : x}`;
  const isPlain = Number.isFinite(x) && Math.abs(x) >= 2 ** -126;
  if (!isPlain && !Object.is(x, 0)) return helpers.call("fromBits", `${floatBits(x)}u`);
  const digits = `${x}`;
  const literal = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return x < 0 ? `(${literal})` : literal;
}

const comparisons: { readonly [fn in BinaryFn]?: string } = {
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

const operators: { readonly [fn in BinaryFn]?: string } = { add: "+", sub: "-", mul: "*", div: "/" };
const bitOperators: { readonly [fn in BinaryFn]?: string } = { bitand: "&", bitor: "|", bitxor: "^" };

type Unary = (x: string) => string;

/** What WGSL's own operators and exact functions do. */
const floatUnary: { readonly [fn in UnaryFn]?: Unary } = {
  neg: (x) => `-${x}`,
  abs: (x) => `abs(${x})`,
  floor: (x) => `floor(${x})`,
  ceil: (x) => `ceil(${x})`,
  trunc: (x) => `trunc(${x})`,
  // Halves to the even one, as WGSL says.
  round: (x) => `round(${x})`,
};

/** The other functions' names in the library of `helpers.ts`. */
const floatNames: { readonly [fn in UnaryFn | BinaryFn]?: string } = {
  min: "floatMin",
  max: "floatMax",
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
  pow: "powOf",
  atan2: "atan2Of",
  fmod: "fmodOf",
  mod: "modOf",
  floordiv: "floorDiv",
  truncdiv: "truncDiv",
};

const same: Unary = (x) => x;
const intUnary: { readonly [fn in UnaryFn]?: Unary } = {
  neg: (x) => `-${x}`,
  abs: (x) => `abs(${x})`,
  sign: (x) => `sign(${x})`,
  bitnot: (x) => `~${x}`,
  floor: same,
  ceil: same,
  trunc: same,
  round: same,
};

const intNames: { readonly [fn in BinaryFn]?: string } = {
  truncdiv: "intDiv",
  floordiv: "intFloorDiv",
  mod: "intMod",
  fmod: "intFmod",
  pow: "intPow",
};
