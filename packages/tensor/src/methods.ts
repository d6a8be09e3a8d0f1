/**
 * Every op that takes a tensor first becomes a method: `exp(x)` is `x.exp()`, and elementwise ops have in-place
 * methods, `x.exp_()`. The types are derived from the functions, so an op is declared once.
 *
 * @module
 */
import { formatShape, type NumberArray, ShapeError, type TypedArray } from "@flambeau/backend";
import { backward } from "./backward.ts";
import { type Form, formsOf, methodOf } from "./call/callable.ts";
import type { MethodOf } from "./call/signature.ts";
import { dataProperty } from "./data.ts";
import type { Elementwise } from "./elementwise.ts";
import * as about from "./ops/about.ts";
import * as aliases from "./ops/aliases.ts";
import * as arithmetic from "./ops/arithmetic.ts";
import * as clamp from "./ops/clamp.ts";
import * as close from "./ops/close.ts";
import * as combine from "./ops/combine.ts";
import * as compare from "./ops/compare.ts";
import * as convert from "./ops/convert.ts";
import * as copy from "./ops/copy.ts";
import type { Unique } from "./ops/count.ts";
import * as count from "./ops/count.ts";
import * as draws from "./ops/draws.ts";
import * as extremes from "./ops/extremes.ts";
import * as gather from "./ops/gather.ts";
import * as indexAlong from "./ops/index-along.ts";
import type { Index } from "./ops/index-expression.ts";
import * as indexing from "./ops/indexing.ts";
import * as math from "./ops/math.ts";
import * as matmul from "./ops/matmul.ts";
import * as fresh from "./ops/new.ts";
import * as nonzero from "./ops/nonzero.ts";
import { overwrite } from "./ops/overwrite.ts";
import * as parts from "./ops/parts.ts";
import * as pointwise from "./ops/pointwise.ts";
import type { NestedValues } from "./ops/reading.ts";
import * as reading from "./ops/reading.ts";
import * as reduce from "./ops/reduce.ts";
import * as relaying from "./ops/relaying.ts";
import { relayout } from "./ops/relayout.ts";
import * as repeat from "./ops/repeat.ts";
import * as replacing from "./ops/replacing.ts";
import * as rounding from "./ops/rounding.ts";
import * as scan from "./ops/scan.ts";
import * as single from "./ops/single.ts";
import * as softmax from "./ops/softmax.ts";
import * as sort from "./ops/sort.ts";
import * as statistics from "./ops/statistics.ts";
import * as triangle from "./ops/triangle.ts";
import * as views from "./ops/views.ts";
import * as where from "./ops/where.ts";
import { toText, toTextAsync } from "./printing.ts";
import { primitiveOf, rowsOf } from "./protocols.ts";
import { showAs } from "./show.ts";
import { type Operand, Tensor } from "./tensor.ts";
import "./test-runners.ts";

/** A function of a tensor as a method of it. */
type Method<F> = F extends { readonly signature: object } ? MethodOf<F> : PlainMethod<F>;
type PlainMethod<F> = F extends (x: infer X, ...rest: infer R) => infer O
  ? Tensor extends X
    ? (...rest: R) => O
    : never
  : never;

type MethodsOf<M, Omitted extends string = never> = {
  [K in keyof M as M[K] extends (...args: never[]) => unknown ? Exclude<K, Omitted> : never]: Method<M[K]>;
};

type InPlaceOf<M> = {
  [K in keyof M as M[K] extends { readonly op: Elementwise } ? `${K & string}_` : never]: Method<M[K]>;
};

type InPlaceForms<M> = { [K in keyof M as `${K & string}_`]: Method<M[K]> };

/**
 * The methods of Tensor that are ops.
 *
 * @internal
 */
export interface Methods
  extends MethodsOf<typeof math>,
    InPlaceOf<typeof math>,
    MethodsOf<typeof arithmetic>,
    InPlaceOf<typeof arithmetic>,
    MethodsOf<typeof clamp>,
    InPlaceOf<typeof clamp>,
    MethodsOf<typeof combine>,
    InPlaceOf<typeof combine>,
    MethodsOf<typeof rounding>,
    InPlaceOf<typeof rounding>,
    MethodsOf<typeof close>,
    MethodsOf<typeof compare>,
    InPlaceOf<Pick<typeof compare, Overwriting>>,
    MethodsOf<typeof count, "unique">,
    MethodsOf<Pick<typeof pointwise, "relu">>,
    InPlaceOf<Pick<typeof pointwise, "relu">>,
    MethodsOf<typeof convert>,
    MethodsOf<typeof copy>,
    MethodsOf<typeof draws>,
    MethodsOf<typeof extremes>,
    MethodsOf<typeof gather>,
    MethodsOf<typeof indexAlong>,
    MethodsOf<typeof indexing>,
    MethodsOf<typeof matmul>,
    MethodsOf<typeof nonzero>,
    MethodsOf<typeof parts>,
    MethodsOf<typeof reduce>,
    MethodsOf<typeof repeat>,
    MethodsOf<typeof scan>,
    MethodsOf<typeof softmax>,
    MethodsOf<typeof sort>,
    MethodsOf<typeof statistics>,
    MethodsOf<typeof triangle>,
    MethodsOf<typeof views>,
    MethodsOf<Pick<typeof where, "maskedFill">>,
    MethodsOf<typeof about>,
    MethodsOf<typeof fresh>,
    MethodsOf<typeof single>,
    InPlaceForms<typeof replacing>,
    InPlaceForms<typeof relaying>,
    MethodsOf<typeof aliases>,
    InPlaceOf<typeof aliases>,
    InPlaceForms<
      Pick<
        typeof aliases,
        "greater" | "greaterEqual" | "less" | "lessEqual" | "notEqual" | "swapaxes" | "swapdims"
      >
    > {
  /**
   * Computes the gradients of this tensor with respect to the leaves it was computed from and adds them to their `grad`.
   *
   * `gradient` is the gradient of the final result with respect to this tensor, of its shape; a scalar takes 1.
   *
   * @throws AutogradError when nothing was recorded, the tensor is no scalar and no gradient is given, the graph was
   *   released by an earlier call, or a saved tensor was overwritten. ShapeError when the gradient's shape differs.
   *
   * @example
   * ```ts
   * import { tensor } from "flambeau";
   *
   * const x = tensor([1, 2, 3], { requiresGrad: true });
   * const y = x.mul(x).sum();
   * y.backward({ retainGraph: true });
   * y.backward();
   * console.log(String(x.grad));
   * // tensor([ 4.,  8., 12.])
   * ```
   */
  backward: Method<typeof backward>;
  /** See the function `at`. */
  at(...index: Index[]): Tensor;
  /** See the function `data`. */
  get data(): <T extends TypedArray = NumberArray>() => Promise<T>;
  /**
   * Gives the tensor the memory of another, as PyTorch's `p.data = x`: shape, dtype and device are those of `x`, both share the memory
   * then, and nothing is recorded. A graph that needs the old elements refuses to run backward.
   *
   * @throws ArgumentError when it is no tensor; AutogradError when the gradient that is there, or the graph, does not go with it.
   */
  set data(value: Tensor);
  /** As `data`, at once, on devices that can: the CPU. */
  dataSync<T extends TypedArray = NumberArray>(): T;
  /** The one element as a number; true or false for bool. */
  item<T extends number | boolean = number>(): Promise<T>;
  /** As `item`, at once, on devices that can: the CPU. */
  itemSync<T extends number | boolean = number>(): T;
  /** See the function `toArray`. */
  toArray<T extends NestedValues = NestedValues>(): Promise<T>;
  /** As `toArray`, at once, on devices that can: the CPU. */
  toArraySync<T extends NestedValues = NestedValues>(): T;
  /** As `toArraySync`: PyTorch's name. */
  tolist<T extends NestedValues = NestedValues>(): T;
  /** A typed array that shares the tensor's memory. */
  numpy<T extends TypedArray = NumberArray>(): T;
  /** `where(mask, this, other)`. */
  where(mask: Tensor, other: Operand): Tensor;
  /** See the function `unique`. */
  unique: Unique<[]> & Method<typeof count.unique>;
  /** The dimensions in reverse order; rows and columns of a matrix exchanged. */
  readonly T: Tensor;
  /** The last two dimensions exchanged. */
  readonly mT: Tensor;
  /** PyTorch's text of the tensor; a device that cannot be read at once gives its shape. */
  toString(): string;
  /** PyTorch's text of the tensor, whatever its device. */
  toStringAsync(): Promise<string>;
  /** What JSON.stringify writes: nested arrays of numbers and booleans. On devices that can be read at once: the CPU. */
  toJSON(): unknown;
  /** Views along the first dimension, as `unbind` gives them: `for (const row of x)`, `const [a, b] = x`. */
  [Symbol.iterator](): IterableIterator<Tensor>;
  /** `${x}` is the text and Number(x) the value of one element on the CPU; `x + 1` is an error, for it cannot add. */
  [Symbol.toPrimitive](hint: string): string | number;
}

/** Ops whose in-place form writes another dtype over the operand's: 1 and 0 over floats. */
type Overwriting =
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "logicalAnd"
  | "logicalOr"
  | "logicalXor"
  | "logicalNot"
  | "bitwiseAnd"
  | "bitwiseOr"
  | "bitwiseXor"
  | "bitwiseNot";
// Names taken out of a namespace by destructuring would keep it as an object in every page.
const overwriting: readonly (typeof compare)[Overwriting][] = [
  ...[compare.eq, compare.ne, compare.lt, compare.le, compare.gt, compare.ge],
  ...[compare.logicalAnd, compare.logicalOr, compare.logicalXor, compare.logicalNot],
  ...[compare.bitwiseAnd, compare.bitwiseOr, compare.bitwiseXor, compare.bitwiseNot],
];

type AnyFunction = (...args: unknown[]) => unknown;

function define(name: string | symbol, value: unknown): void {
  Object.defineProperty(Tensor.prototype, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/** A callable is called in its signature as it is exported, except where it is an alias. */
function nameOf(forms: readonly Form[]): string {
  return forms[0].signature.split("(")[0];
}

/** Makes methods of those among a module's values that are callables. */
function attach(values: readonly unknown[]): void {
  for (const f of values) {
    const forms = formsOf(f as object);
    if (forms !== undefined) define(nameOf(forms), methodOf(forms));
  }
}

function attachInPlace(values: readonly unknown[]): void {
  for (const f of values) {
    const { op, inPlace } = f as { op?: Elementwise; inPlace?: AnyFunction };
    const forms = formsOf(f as object);
    if (op === undefined || inPlace === undefined || forms === undefined) continue;
    const name = `${nameOf(forms)}_`;
    define(name, methodOf(forms.map((form) => form.named(name, inPlace))));
  }
}

const elementwise = [
  ...Object.values(math),
  ...Object.values(arithmetic),
  ...Object.values(clamp),
  ...Object.values(combine),
  ...Object.values(rounding),
  pointwise.relu,
];
attach(elementwise);
attachInPlace(elementwise);
attach([
  ...Object.values(about),
  ...Object.values(close),
  ...Object.values(compare),
  ...Object.values(convert),
  ...Object.values(copy),
  ...Object.values(count),
  ...Object.values(draws),
  ...Object.values(extremes),
  ...Object.values(fresh),
  ...Object.values(gather),
  ...Object.values(indexAlong),
  ...Object.values(indexing),
  ...Object.values(matmul),
  ...Object.values(nonzero),
  ...Object.values(parts),
  ...Object.values(reduce),
  ...Object.values(repeat),
  ...Object.values(scan),
  ...Object.values(single),
  ...Object.values(softmax),
  ...Object.values(sort),
  ...Object.values(statistics),
  ...Object.values(triangle),
  ...Object.values(views),
  backward,
  where.maskedFill,
]);

/** The functions of a module that are no callables: one that is not among `plain` does not compile. */
type Plain<M> = {
  [K in keyof M as M[K] extends { readonly signature: object }
    ? never
    : M[K] extends (...args: never[]) => unknown
      ? K
      : never]: M[K];
};
const plain: typeof reading & Plain<typeof convert> & Plain<typeof indexing> = {
  ...reading,
  cpu: convert.cpu,
  at: indexing.at,
  set: indexing.set,
};
for (const [name, f] of Object.entries<AnyFunction>(plain as object as Record<string, AnyFunction>)) {
  define(name, function (this: Tensor, ...args: unknown[]): unknown {
    return f(this, ...args);
  });
}

function attachWriting(
  values: readonly unknown[],
  write: (what: string, x: Tensor, run: (x: Tensor) => Tensor) => Tensor,
): void {
  for (const f of values) {
    const forms = formsOf(f as object) as readonly Form[];
    const name = `${nameOf(forms)}_`;
    const inPlaceOf =
      ({ run }: Form): AnyFunction =>
      (x, ...rest) =>
        write(name, x as Tensor, (of) => run(of, ...rest) as Tensor);
    define(name, methodOf(forms.map((form) => form.named(name, inPlaceOf(form)))));
  }
}
attachWriting(overwriting, (what, x, run) => overwrite(what, x, run(x)));
// The derivative may need what is written over.
attachWriting(Object.values(replacing), (what, x, run) =>
  overwrite(what, x, run(x.requiresGrad ? x.clone() : x)),
);
attachWriting(Object.values(relaying), relayout);

const members = Tensor.prototype as unknown as Record<string, unknown>;
for (const [alias, f] of Object.entries(aliases)) {
  const name = nameOf(formsOf(f) as readonly Form[]);
  define(alias, members[name]);
  if (`${name}_` in members) define(`${alias}_`, members[`${name}_`]);
}

Object.defineProperty(Tensor.prototype, "data", dataProperty);
define("where", function (this: Tensor, mask: Tensor, other: Operand): Tensor {
  return where.where(mask, this, other);
});
define("toString", function (this: Tensor): string {
  return toText(this);
});
define("toStringAsync", function (this: Tensor): Promise<string> {
  return toTextAsync(this);
});
define(Symbol.iterator, function (this: Tensor): IterableIterator<Tensor> {
  return rowsOf(this);
});
define(Symbol.toPrimitive, function (this: Tensor, hint: string): string | number {
  return primitiveOf(this, hint);
});
showAs(Tensor.prototype, {
  // A notebook waits for the values of a device that has to be waited for.
  bundle: async (x) => ({ "text/plain": await x.toStringAsync() }),
  parts: ({ shape, dtype, device, requiresGrad, grad, gradFn }) => {
    return { shape, dtype, device, requiresGrad, grad, gradFn: gradFn?.name ?? null };
  },
});
Object.defineProperty(Tensor.prototype, "T", {
  configurable: true,
  get(this: Tensor): Tensor {
    return this.permute(this.shape.map((_, i) => this.ndim - 1 - i));
  },
});
Object.defineProperty(Tensor.prototype, "mT", {
  configurable: true,
  get(this: Tensor): Tensor {
    if (this.ndim < 2)
      throw new ShapeError(`mT takes matrices, or batches of them; got shape ${formatShape(this.shape)}`);
    return this.transpose(-2, -1);
  },
});
