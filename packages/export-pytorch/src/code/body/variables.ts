/** The variables of a body: which values they stand for, and which are free for another one. */
import { type Argument, Value, valuesIn } from "@flambeau/graph";
import type { Constant } from "../hole.ts";
import { flat } from "../python/flat.ts";
import { Names, snakeCase } from "../python/names.ts";
import { atom, type Expr } from "../python/tree.ts";
import { measured } from "./measure.ts";

type Done = Expr<Constant>;

/** How each value of a body is reached. */
export class Variables {
  readonly #names = new Names("variables");
  readonly #exprs = new Map<Value, Done>();
  readonly #parameters = new Set<string>();
  #held: ReadonlySet<string> = new Set();
  /** The step that is written. */
  at = -1;
  readonly #uses: ReadonlyMap<Value, readonly number[]>;
  readonly #fieldOf: (value: Value) => Done | undefined;

  /** Of a body whose steps use values so. */
  constructor(uses: ReadonlyMap<Value, readonly number[]>, fieldOf: (value: Value) => Done | undefined) {
    this.#uses = uses;
    this.#fieldOf = fieldOf;
  }

  /** Keeps the names in expressions that are still to be written. */
  hold(exprs: readonly Done[]): void {
    this.#held = new Set(exprs.flatMap((expr) => flat(measured(expr)).match(/[a-zA-Z_]\w*/g) ?? []));
  }

  /** The expression of a value; undefined where the body has none. */
  find(value: Value): Done | undefined {
    return this.#exprs.get(value) ?? this.#fieldOf(value);
  }

  /** Whether a value is in a variable or a field by now. */
  has(value: Value): boolean {
    return this.find(value) !== undefined;
  }

  set(value: Value, expr: Done): void {
    this.#exprs.set(value, expr);
  }

  delete(value: Value): void {
    this.#exprs.delete(value);
  }

  usesOf(value: Value): readonly number[] {
    return this.#uses.get(value) ?? [];
  }

  /** A name that is new, or that nothing uses any more from the current step on. */
  give(wanted: string): string {
    const start = snakeCase(wanted);
    for (let k = 1; ; k++) {
      const name = k === 1 ? start : `${start.replace(/\d+$/, "")}${k}`;
      if (!this.#names.has(name)) return this.#names.give(start);
      if (this.#isDead(name)) return name;
    }
  }

  /** A parameter's name. */
  giveParameter(wanted: string): string {
    const name = this.#names.give(snakeCase(wanted));
    this.#parameters.add(name);
    return name;
  }

  /** What people call what goes from layer to layer: the first parameter, where nothing uses it any more, else `x`. */
  mainName(made: Value): string | undefined {
    const [first] = this.#parameters;
    const values = this.#valuesOf(first ?? "");
    if (values.length > 0 && this.#isDead(first) && values.every((value) => isFloat(value) === isFloat(made)))
      return first;
    return this.#parameters.has("x") || (this.#names.has("x") && !this.#isDead("x")) ? undefined : "x";
  }

  #valuesOf(name: string): Value[] {
    return [...this.#exprs]
      .filter(([, expr]) => expr.kind === "atom" && expr.text === name)
      .map(([value]) => value);
  }

  /** Whether nothing uses a name any more; one of no value, as of a size or a list, is kept. */
  #isDead(name: string): boolean {
    const values = this.#valuesOf(name);
    if (this.#held.has(name)) return false;
    return values.length > 0 && values.every((value) => this.usesOf(value).every((use) => use <= this.at));
  }

  /** Names a value, which takes the name from those that had it. */
  assign(value: Value, name: string): void {
    for (const [other, expr] of this.#exprs)
      if (expr.kind === "atom" && expr.text === name) this.#exprs.delete(other);
    this.#exprs.set(value, atom(name));
  }

  /**
   * The name of the first variable of an expression, where nothing after step `i` uses it and the result is one that people would call the
   * same: what the expression alone uses, or what has the same shape.
   */
  reusable(
    expr: Done,
    made: Value,
    i: number,
    joined: ReadonlySet<number>,
    isModule: boolean,
  ): string | undefined {
    const name = firstName(expr);
    if (name === undefined || this.#held.has(name)) return undefined;
    const values = this.#valuesOf(name);
    const last = values.at(-1);
    if (last === undefined || values.some((value) => this.usesOf(value).some((at) => at > i)))
      return undefined;
    // A number of a tensor, or floats of integers, are something else.
    if (isFloat(last) !== isFloat(made) || (made.shape.length === 0 && last.shape.length > 0))
      return undefined;
    const isAlone = this.usesOf(last).every((at) => joined.has(at));
    const isAlike = !isModule && String(made.shape) === String(last.shape);
    return isAlone || isAlike ? name : undefined;
  }

  /** `x`, `q, k, v`, `output, (h, _)`: the names of the parts of a result, in order. */
  targets(result: Argument, names: readonly string[], reused?: string): string {
    let k = 0;
    const one = (value: Value): string => {
      const wanted = names[k++] ?? "out";
      if (this.usesOf(value).length === 0 && result !== value) return "_";
      const name = reused ?? this.give(wanted);
      this.assign(value, name);
      return name;
    };
    const write = (part: Argument, isInner: boolean): string => {
      if (part instanceof Value) return one(part);
      const items = Array.isArray(part) ? part : Object.values(part as object);
      const texts = items.map((item) => (valuesIn(item).length === 0 ? "_" : write(item, true)));
      const isUnused = texts.every((text) => text === "_");
      if (isInner && isUnused) return "_";
      if (texts.length === 1) return `(${texts[0]},)`;
      return isInner ? `(${texts.join(", ")})` : texts.join(", ");
    };
    return write(result, false);
  }
}

function isFloat({ dtype }: Value): boolean {
  return dtype.includes("float");
}

/** The first variable of an expression, in the order in which it is evaluated. */
function firstName(expr: Done): string | undefined {
  switch (expr.kind) {
    case "atom":
      return /^[a-z_]\w*$/.test(expr.text) && !["self", "torch", "nn", "_"].includes(expr.text)
        ? expr.text
        : undefined;
    case "attribute":
    case "index":
    case "unary":
      return firstName(expr.of);
    case "call":
      return firstName(expr.callee) ?? firstOf(expr.args.map(({ value }) => value));
    case "binary":
      return firstName(expr.left) ?? firstName(expr.right);
    case "list":
    case "tuple":
      return firstOf(expr.items);
    default:
      return undefined;
  }
}

function firstOf(exprs: readonly Done[]): string | undefined {
  for (const expr of exprs) {
    const name = firstName(expr);
    if (name !== undefined) return name;
  }
  return undefined;
}
