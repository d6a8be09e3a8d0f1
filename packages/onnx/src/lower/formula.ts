/** Elementwise ops: the formula that a device compiles becomes nodes. */
import { type DType, type Expr, isFloat, isHalf } from "@flambeau/backend";
import { type Call, Size, Value } from "@flambeau/graph";
import { type Elementwise, getDefaultDType, type Operand, resultType, zeros } from "@flambeau/tensor";
import type { Ref } from "../builder.ts";
import type { Emit } from "../emit.ts";
import { DIRECT } from "./direct.ts";
import { BINARY, UNARY } from "./functions.ts";

/** The result of an elementwise op; of one in place in the dtype that it has before it is stored. */
export function lowerFormula(x: Emit, call: Call, formula: Elementwise): Ref {
  const operands = Array.from({ length: formula.arity }, (_, k) => call.args[String(k)]);
  const promoted = resultType(operands.map(standIn), formula.promoteFrom);
  const dtype = formula.result === "float" && !isFloat(promoted) ? getDefaultDType() : promoted;
  const compute = computeType(dtype);
  const refs = operands.map((operand) => {
    if (!(operand instanceof Value)) return x.as(operand, dtype === "bool" ? "bool" : compute);
    const ref = x.of(operand);
    return ref.dtype === "bool" ? ref : x.cast(ref, compute);
  });
  const direct = isFloat(compute) ? DIRECT[formula.name] : undefined;
  const result =
    direct?.(
      x,
      refs.map((ref) => x.cast(ref, compute)),
      operands,
    ) ??
    new Formula(x, refs, compute).of(
      formula.formula(...refs.map((_, index): Expr => ({ kind: "input", index }))),
    );
  return x.cast(result, formula.result === "bool" ? "bool" : dtype);
}

/** Narrow integers are computed in int32, from which a cast wraps; 16-bit floats in float32, as everywhere in Flambeau. */
function computeType(dtype: DType): DType {
  if (isHalf(dtype)) return "float32";
  return isFloat(dtype) || dtype === "int64" ? dtype : "int32";
}

/** An operand that promotes as a value does: a tensor of its dtype, with dimensions or without. */
function standIn(operand: unknown): Operand {
  if (operand instanceof Value) return zeros(operand.shape.length === 0 ? [] : [1], { dtype: operand.dtype });
  return operand instanceof Size ? operand.value : (operand as Operand);
}

class Formula {
  readonly #x: Emit;
  readonly #inputs: readonly Ref[];
  readonly #dtype: DType;
  /** Nodes may be shared: one used twice is computed once. */
  readonly #made = new Map<Expr, Ref>();

  constructor(x: Emit, inputs: readonly Ref[], dtype: DType) {
    this.#x = x;
    this.#inputs = inputs;
    this.#dtype = dtype;
  }

  of(expr: Expr): Ref {
    const known = this.#made.get(expr);
    if (known !== undefined) return known;
    const ref = this.#make(expr);
    this.#made.set(expr, ref);
    return ref;
  }

  #make(expr: Expr): Ref {
    const x = this.#x;
    switch (expr.kind) {
      case "input":
        return this.#inputs[expr.index];
      case "param":
        return x.refuse("its formula takes a parameter");
      case "const":
        return x.scalar(expr.value, this.#dtype);
      case "unary":
        return UNARY[expr.fn](x, this.of(expr.a), this.#dtype);
      case "binary":
        return BINARY[expr.fn](x, this.of(expr.a), this.of(expr.b), this.#dtype);
      case "select": {
        const [condition, a, b] = [expr.condition, expr.a, expr.b].map((one) => this.of(one));
        return chosen(x, x.cast(condition, "bool"), a, b, this.#dtype);
      }
    }
  }
}

/** `a` where a condition is true, `b` elsewhere; of bools by logical ops, of which runtimes have kernels. */
function chosen(x: Emit, condition: Ref, a: Ref, b: Ref, dtype: DType): Ref {
  if (a.dtype !== "bool" || b.dtype !== "bool")
    return x.node("Where", [condition, x.cast(a, dtype), x.cast(b, dtype)], dtype);
  const otherwise = x.node("And", [x.node("Not", [condition], "bool"), b], "bool");
  return x.node("Or", [x.node("And", [condition, a], "bool"), otherwise], "bool");
}
