import {
  type BinaryExpr,
  type ConstExpr,
  type DType,
  DTypeError,
  type Expr,
  isFloat,
} from "@flambeau/backend";
import { floatBits } from "../dispatch.ts";
import { longWords } from "../params.ts";
import { LONG } from "./convert.ts";
import { isRiskyDivision } from "./division.ts";
import type { Helpers } from "./helpers.ts";
import { binaryCode, compareCode, comparisons, isTrue, ofVerdict, unaryCode } from "./operations.ts";

/** Expressions as WGSL: statements to stand in a function's body, and the names of the results. */
export interface Lowered {
  readonly statements: string;
  readonly results: readonly string[];
  /** Where integers are divided by what may be zero: WGSL bools that are true if it is. */
  readonly zeroDivisors: readonly string[];
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
  return {
    statements: lowering.statements.join("\n"),
    results,
    zeroDivisors: [...lowering.zeroDivisors],
  };
}

class Lowering {
  readonly statements: string[] = [];
  readonly zeroDivisors: Set<string> = new Set();
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
    const value =
      expr.kind === "unary"
        ? unaryCode(expr.fn, this.#compute, this.lower(expr.a), this.#helpers)
        : this.#binary(expr);
    if (value === undefined) throw new DTypeError(`${expr.fn} is not defined for ${this.#compute}`);
    return value;
  }

  /** A condition as a WGSL bool: comparisons need not become a number first. */
  #isTrue(expr: Expr): string {
    if (expr.kind === "binary" && expr.fn in comparisons) return this.#comparison(expr);
    return isTrue(this.#compute, this.lower(expr));
  }

  #comparison({ fn, a, b }: BinaryExpr): string {
    const x = this.lower(a);
    if (isFloat(this.#compute)) {
      // Compilers may hold that a number is equal to itself, and make of != a comparison that is false for nan.
      if (fn === "eq" && a === b) return `!${this.#helpers.call("isNan", x)}`;
      if (fn === "ne") return a === b ? this.#helpers.call("isNan", x) : `!(${x} == ${this.lower(b)})`;
    }
    return compareCode(fn, this.#compute, x, this.lower(b), this.#helpers);
  }

  #binary(expr: BinaryExpr): string | undefined {
    const { fn, a, b } = expr;
    const compute = this.#compute;
    if (fn in comparisons) return ofVerdict(this.#comparison(expr), compute);
    const [x, y] = [this.lower(a), this.lower(b)];
    if (isFloat(compute)) {
      if (fn === "sub" && a === b) return this.#helpers.call("selfDifference", x);
      if (fn === "mul" && isZero(a)) return this.#helpers.call("timesZero", y, x);
      if (fn === "mul" && isZero(b)) return this.#helpers.call("timesZero", x, y);
    } else if (isRiskyDivision(expr)) {
      this.zeroDivisors.add(`!${isTrue(compute, y)}`);
    }
    return binaryCode(fn, compute, x, y, this.#helpers);
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
  if (compute === "int64") return Math.trunc(value);
  return compute === "uint8" ? Math.trunc(value) & 255 : Math.trunc(value) | 0;
}

/** A number of the formula as WGSL. */
export function constant(value: number, compute: DType, helpers: Helpers): string {
  if (compute === "int64") {
    const [low, high] = longWords(value);
    return `${LONG}(${low}u, ${high}u)`;
  }
  const x = held(value, compute);
  if (!isFloat(compute)) return x === -2147483648 ? "(-2147483647 - 1)" : `${x < 0 ? `(${x})` : x}`;
  const isPlain = Number.isFinite(x) && Math.abs(x) >= 2 ** -126;
  if (!isPlain && !Object.is(x, 0)) return helpers.call("fromBits", `${floatBits(x)}u`);
  const digits = `${x}`;
  const literal = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return x < 0 ? `(${literal})` : literal;
}
