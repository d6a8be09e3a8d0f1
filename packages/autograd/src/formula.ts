import {
  type Expr,
  type ExprLike,
  input,
  MapKernel,
  param,
  ReduceKernel,
  sameShape,
} from "@flambeau/backend";
import {
  type Derivative,
  dispatch,
  fullLike,
  kernelParam,
  type Operand,
  type Scalar,
  Tensor,
  tensor,
  where,
  zeros,
  zerosLike,
} from "@flambeau/tensor";
import { sumTo } from "./sum-to.ts";

/** Where a formula's inputs come from: 0 is g, 1 to 3 the operands, 4 the output. */
const G = 0;
const Y = 4;

/** A derivative formula compiled for one choice of operands that are plain scalars. */
export interface GradFormula {
  /** Of its kernel, as hooks see it: "mulBackward". */
  readonly name: string;
  readonly expr: Expr;
  /** The values it reads, in the order of the kernel's inputs. */
  readonly uses: readonly number[];
  /** Operands that are plain scalars, in the order of the kernel's params. */
  readonly scalars: readonly number[];
  readonly passesThrough: boolean;
  readonly map: MapKernel;
  /** The same, summed: for operands that were broadcast. */
  readonly reduce: ReduceKernel;
}

const compiled = new WeakMap<Derivative, (GradFormula | null | undefined)[]>();

/** The compiled gradient formula of an operand of an op with this derivative, or null when it has none. */
export function gradFormula(
  op: string,
  derivative: Derivative,
  operand: number,
  scalars: number,
): GradFormula | null {
  let table = compiled.get(derivative);
  if (table === undefined) {
    table = [];
    compiled.set(derivative, table);
  }
  const key = operand * 8 + scalars;
  let formula = table[key];
  if (formula === undefined) {
    formula = compile(op, derivative, operand, scalars);
    table[key] = formula;
  }
  return formula;
}

function compile(op: string, derivative: Derivative, operand: number, scalars: number): GradFormula | null {
  const rule = derivative[operand];
  if (rule === null) return null;
  const value = (k: number): Expr => ((scalars >> k) & 1 ? param(k) : input(k + 1));
  const raw = asExpr(rule({ g: input(G), a: value(0), b: value(1), c: value(2), y: input(Y) }));
  const uses: number[] = [];
  const params: number[] = [];
  const expr = renumber(raw, uses, params, new Map());
  const name = `${op}Backward${operand}`;
  return {
    name: `${op}Backward`,
    expr,
    uses,
    scalars: params,
    passesThrough: expr.kind === "input" && uses[0] === G,
    map: new MapKernel(name, uses.length, params.length, [expr]),
    reduce: new ReduceKernel(name, "sum", { inputs: uses.length, params: params.length, prepare: expr }),
  };
}

function asExpr(x: ExprLike): Expr {
  return typeof x === "number" ? { kind: "const", value: x } : x;
}

/** Numbers inputs and params in the order they are met, and keeps shared nodes shared. */
function renumber(e: Expr, uses: number[], params: number[], done: Map<Expr, Expr>): Expr {
  const known = done.get(e);
  if (known !== undefined) return known;
  const visit = (x: Expr): Expr => renumber(x, uses, params, done);
  const position = (list: number[], k: number): number => {
    const at = list.indexOf(k);
    return at >= 0 ? at : list.push(k) - 1;
  };
  let out: Expr;
  if (e.kind === "input") out = input(position(uses, e.index));
  else if (e.kind === "param") out = param(position(params, e.index));
  else if (e.kind === "unary") out = { ...e, a: visit(e.a) };
  else if (e.kind === "binary") out = { ...e, a: visit(e.a), b: visit(e.b) };
  else if (e.kind === "select") out = { ...e, condition: visit(e.condition), a: visit(e.a), b: visit(e.b) };
  else out = e;
  done.set(e, out);
  return out;
}

/** The values a formula reads, given what was saved. */
export interface SavedValues {
  /** g, the operands, the output. */
  value(k: number): Operand;
  readonly operands: readonly Operand[];
}

/** Runs a formula as one kernel, reduced to the operand's shape. */
export function runFormula(f: GradFormula, g: Tensor, saved: SavedValues, operand: Tensor): Tensor {
  return dispatch.observer === null ? runKernel(f, g, saved, operand) : observedFormula(f, g, saved, operand);
}

/** The hooks see the kernel by its op: "mulBackward". */
function observedFormula(f: GradFormula, g: Tensor, saved: SavedValues, operand: Tensor): Tensor {
  const inputs = f.uses.map((k) => (k === G ? g : saved.value(k)));
  return dispatch.observed("gradient", f.name, inputs, undefined, () => runKernel(f, g, saved, operand));
}

function runKernel(f: GradFormula, g: Tensor, saved: SavedValues, operand: Tensor): Tensor {
  if (f.passesThrough && g.dtype === operand.dtype) return sumTo(g, operand.shape);
  // The derivative of a step function: zero, however often it is summed.
  if (f.uses.length === 0) return zeros(operand.shape, { dtype: operand.dtype, device: g.device });
  const compute = g.dtype;
  const inputs = f.uses.map((k) => (k === G ? g : (saved.value(k) as Tensor)));
  const params = f.scalars.map((k) => kernelParam(saved.operands[k] as Scalar, compute));
  const { backend } = g.storage;
  if (sameShape(g.shape, operand.shape)) {
    const out = Tensor.empty(backend, operand.shape, operand.dtype);
    backend.map(f.map, compute, inputs, params, [out]);
    return out;
  }
  const lead = g.ndim - operand.ndim;
  const kept = g.shape.map((size, i) => (i < lead || operand.shape[i - lead] === 1 ? 1 : size));
  const out = Tensor.empty(backend, kept, operand.dtype);
  backend.reduce(f.reduce, compute, g.shape, inputs, params, out);
  return lead === 0 ? out : new Tensor(out.storage, operand.shape);
}

/** Evaluates a formula with recorded ops, so that the result can be differentiated. */
export function evaluateFormula(f: GradFormula, g: Tensor, saved: SavedValues, operand: Tensor): Tensor {
  const known = new Map<Expr, Operand>();
  const value = (e: Expr): Operand => {
    let v = known.get(e);
    if (v === undefined) {
      v = evaluate(e);
      known.set(e, v);
    }
    return v;
  };
  const evaluate = (e: Expr): Operand => {
    switch (e.kind) {
      case "input":
        return f.uses[e.index] === G ? g : saved.value(f.uses[e.index]);
      case "param":
        return saved.operands[f.scalars[e.index]];
      case "const":
        return e.value;
      case "unary":
        return applyUnary(e.fn, value(e.a));
      case "binary":
        return applyBinary(e.fn, value(e.a), value(e.b));
      default: {
        const condition = value(e.condition);
        if (!(condition instanceof Tensor)) return condition ? value(e.a) : value(e.b);
        const mask = condition.dtype === "bool" ? condition : condition.ne(0);
        return where(mask, value(e.a), value(e.b));
      }
    }
  };
  const result = value(f.expr);
  const gradient = result instanceof Tensor ? result : fullLike(g, result);
  const full =
    gradient.shape.length < g.ndim || !sameShape(gradient.shape, g.shape)
      ? gradient.add(zerosLike(g))
      : gradient;
  return sumTo(full.to(operand.dtype), operand.shape);
}

/** Methods whose names are not those of the functions in expressions. */
const methodNames: Readonly<Record<string, string>> = {
  floordiv: "floorDivide",
  mod: "remainder",
  max: "maximum",
  min: "minimum",
  bitand: "bitwiseAnd",
  bitor: "bitwiseOr",
  bitxor: "bitwiseXor",
};
type Method = (this: Operand, ...others: Operand[]) => Tensor;

/**
 * An op as a method: its function with the first operand as `this`, which may well be a plain number. Looking for it
 * there, not among the functions that the tensor package exports, lets bundlers leave out those that are no methods.
 */
function methodOf(name: string): Method {
  return (Tensor.prototype as unknown as Record<string, Method>)[methodNames[name] ?? name];
}

function exact(x: Scalar): Tensor {
  return tensor(Number(x), { dtype: "float64" });
}

function numberOf(x: Tensor): number {
  return Number(x.itemSync());
}

function applyUnary(fn: string, a: Operand): Operand {
  return a instanceof Tensor ? methodOf(fn).call(a) : numberOf(methodOf(fn).call(exact(a)));
}

/** Plain numbers stay such, so that they go with tensors of every device and dtype. */
function applyBinary(fn: string, a: Operand, b: Operand): Operand {
  if (!(a instanceof Tensor) && !(b instanceof Tensor))
    return numberOf(applyBinary(fn, exact(a), b) as Tensor);
  if (fn === "truncdiv") return methodOf("div").call(a, b).trunc();
  return methodOf(fn).call(a, b);
}
