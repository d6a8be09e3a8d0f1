/** Bodies as statements: what is joined on one line, and what results are called. */
import { type Argument, Size, Value } from "@flambeau/graph";
import { ExportError } from "../errors.ts";
import { type BodyExpr, Constant, type Hole } from "../hole.ts";
import { flat } from "../python/flat.ts";
import { WIDTH } from "../python/layout.ts";
import { Names, snakeCase } from "../python/names.ts";
import { atom, attribute, call as callOf, type Expr, fill, holesOf } from "../python/tree.ts";
import type { Body, Statement, Written } from "./body.ts";
import { resultNames } from "./result-names.ts";
import { SizePlan } from "./sizes.ts";
import { type Step, valuesOf } from "./steps.ts";

type Done = Expr<Constant>;

/** Writes a body. */
export function writeBody(body: Body): Written {
  return new Writer(body).write();
}

/** A step that is written where its result is used. */
interface Pending {
  readonly step: Step;
  readonly index: number;
  readonly expr: Done;
}

/** How much of a line is taken by indentation and a name. */
const MARGIN = 12;

class Writer {
  readonly #body: Body;
  readonly #names = new Names("variables");
  /** How each value is reached: a variable, or what it is in place. */
  readonly #exprs = new Map<Value, Done>();
  /** The steps that use a value; the number of steps stands for what is returned. */
  readonly #uses = new Map<Value, number[]>();
  readonly #sizes: SizePlan;
  readonly #sizeNames = new Map<string, Expr>();
  readonly #statements: Statement[] = [];
  #pending: Pending[] = [];
  #device: Done = atom("next(self.parameters()).device");

  constructor(body: Body) {
    this.#body = body;
    const { parameters, steps, output } = body;
    this.#sizes = new SizePlan(
      parameters.flatMap(({ pattern }) => valuesOf(pattern)),
      steps,
    );
    const use = (value: Value, at: number): void => {
      this.#uses.set(value, [...(this.#uses.get(value) ?? []), at]);
    };
    steps.forEach((step, i) => {
      for (const hole of holesIn(step)) if (hole instanceof Value) use(hole, i);
    });
    for (const value of valuesOf(output)) use(value, steps.length);
  }

  write(): Written {
    const parameters = this.#parameters();
    this.#body.steps.forEach((step, i) => {
      this.#step(step, i);
    });
    this.#return();
    return { parameters, statements: this.#statements };
  }

  #parameters(): string[] {
    const unpacked: [string, Argument, readonly string[]][] = [];
    const names = this.#body.parameters.map(({ name, pattern, parts = [] }) => {
      const own = this.#names.give(snakeCase(name));
      if (pattern instanceof Value) this.#exprs.set(pattern, atom(own));
      else unpacked.push([own, pattern, parts]);
      return own;
    });
    for (const [name, pattern, parts] of unpacked) this.#unpack(name, pattern, parts);
    const [first] = this.#body.parameters.flatMap(({ pattern }) => valuesOf(pattern));
    if (first !== undefined) this.#device = attribute(this.#exprs.get(first) as Done, "device");
    for (const value of this.#body.parameters.flatMap(({ pattern }) => valuesOf(pattern)))
      this.#readSizes(value);
    return names;
  }

  /** `recon, mu = output`, or `mu = output["mu"]` for each entry. */
  #unpack(name: string, pattern: Argument, parts: readonly string[]): void {
    if (Array.isArray(pattern)) {
      this.#emit(`${this.#targets(pattern, (_, i) => parts[i] ?? `${name}${i}`)} = `, atom(name));
      return;
    }
    for (const [key, part] of Object.entries(pattern as { readonly [key: string]: Argument })) {
      if (!valuesOf(part).some((value) => this.#uses.has(value))) continue;
      const entry: Done = { kind: "index", of: atom(name), items: [atom(`"${snakeCase(key)}"`)] };
      this.#emit(`${this.#targets(part, () => key)} = `, entry);
    }
  }

  /** Reads the sizes of a tensor that are needed more than where it still has its name. */
  #readSizes(value: Value): void {
    const needed = [...this.#sizes.needed()].filter(([, source]) => source.value === value);
    const count = needed.reduce((sum, [, , uses]) => sum + uses.length, 0);
    if (count === 0) return;
    const of = this.#exprs.get(value) as Done;
    if (count === 1) {
      const [[text, { dim }, [at]]] = needed;
      const last = Math.max(-1, ...(this.#uses.get(value) ?? []));
      if (last >= at) {
        this.#sizeNames.set(text, {
          kind: "index",
          of: attribute(of as Expr, "shape"),
          items: [atom(String(dim))],
        });
        return;
      }
    }
    const dims = new Map(
      needed.map(([text, { dim }]) => {
        const name = this.#names.give(/^[a-z_]+$/.test(text) ? text : "size");
        this.#sizeNames.set(text, atom(name));
        return [dim, name];
      }),
    );
    const shape = attribute(of, "shape");
    if (dims.size === 1) {
      const [[dim, name]] = dims;
      this.#emit(`${name} = `, { kind: "index", of: shape, items: [atom(String(dim))] });
      return;
    }
    this.#emit(`${value.shape.map((_, d) => dims.get(d) ?? "_").join(", ")} = `, shape);
  }

  #step(step: Step, i: number): void {
    const expr = this.#filled(step, step.expr, i);
    if (step.assigned !== null) {
      const value = this.#filled(step, step.assigned, i);
      this.#flush();
      this.#emit(`${flat(measured(expr))} = `, value);
      this.#alias(step);
      return;
    }
    const { result } = step;
    const uses = valuesOf(result).flatMap((value) => this.#uses.get(value) ?? []);
    if (uses.length === 0 && !step.hasEffects) return;
    const isVariable = step.writes !== null && this.#isVariable(step.writes);
    if (step.writes !== null && isVariable) {
      this.#flush();
      this.#emit("", expr);
      this.#alias(step);
      return;
    }
    if (result instanceof Value && uses.length === 1) {
      this.#pending.push({ step, index: i, expr });
      return;
    }
    this.#flush();
    this.#assign(step, i, expr);
  }

  /** A value that is written over keeps its name. */
  #alias({ writes, result }: Step): void {
    const expr = this.#exprs.get(writes as Value) ?? this.#body.fieldOf(writes as Value);
    for (const value of valuesOf(result)) if (!this.#exprs.has(value)) this.#exprs.set(value, expr as Done);
  }

  #isVariable(value: Value): boolean {
    return this.#exprs.has(value) || this.#body.fieldOf(value) !== undefined;
  }

  /** An expression with what its values are; what is pending and does not join is written before. */
  #filled(step: Step, expr: BodyExpr, i: number): Done {
    const used = this.#pending.filter(({ step: { result } }) =>
      holesOf<Hole>(expr).includes(result as Value),
    );
    let joined = used.filter((pending) => this.#joins(pending, step, expr));
    // All or none of the last ones: a step that is written before cannot come after one that joins.
    const first = this.#pending.findIndex((pending) => joined.includes(pending));
    const between =
      first < 0 ? [] : this.#pending.slice(first).filter((pending) => !joined.includes(pending));
    if (between.length > 0 && between.some(({ step }) => step.hasEffects && step.call.kind !== "module"))
      joined = [];
    const write = (): Done => this.#fill(step, expr);
    for (const { step, expr } of joined) this.#exprs.set(step.result as Value, expr);
    const rest = this.#pending.filter((pending) => !joined.includes(pending));
    const isLong = (): boolean => {
      const missing = rest.filter(({ step: { result } }) => holesOf<Hole>(expr).includes(result as Value));
      for (const { step } of missing) this.#exprs.set(step.result as Value, atom("xx"));
      const long = flat(measured(write())).length > WIDTH - MARGIN;
      for (const { step } of missing) this.#exprs.delete(step.result as Value);
      return long;
    };
    if (joined.length > 0 && isLong()) {
      for (const { step } of joined) this.#exprs.delete(step.result as Value);
      joined = [];
    }
    this.#flush(new Set(joined));
    return write();
  }

  #joins({ step: inner }: Pending, step: Step, expr: BodyExpr): boolean {
    const [a, b] = [lineOf(inner), lineOf(step)];
    if (a === 0 || b === 0) return true;
    const isChain = expr.kind === "call" && expr.callee.kind === "attribute" && isHole(expr.callee.of, inner);
    return a === b || (b - a === 1 && isChain && inner.call.kind !== "module");
  }

  /** Writes what is pending as statements of their own. */
  #flush(kept: ReadonlySet<Pending> = new Set()): void {
    const pending = this.#pending.filter((one) => !kept.has(one));
    this.#pending = [];
    for (const { step, index, expr } of pending) this.#assign(step, index, expr);
  }

  #fill(step: Step, expr: BodyExpr): Done {
    const detached = this.#body.detached.get(step);
    return fill<Hole, Constant>(expr, (hole) => {
      if (hole instanceof Constant) return { kind: "hole", hole };
      if (hole === "device") return this.#device;
      if (hole instanceof Size) return this.#sizes.expr(hole, (text) => this.#sizeNames.get(text) as Expr);
      const own = this.#reach(hole, step);
      return detached?.has(hole) === true ? callOf(attribute(own, "detach")) : own;
    });
  }

  #reach(value: Value, step: Step): Done {
    const expr = this.#exprs.get(value) ?? this.#body.fieldOf(value);
    if (expr !== undefined) return expr;
    const at = step.call.place === "" ? "" : ` at ${step.call.place}`;
    throw new ExportError(
      `${step.call.name}${at}: it takes a tensor that was made from JavaScript's values or elsewhere in the program; hold it in a buffer, or pass it on as an argument`,
    );
  }

  #assign(step: Step, i: number, expr: Done): void {
    const { result } = step;
    const isUsed = valuesOf(result).some((value) => (this.#uses.get(value) ?? []).length > 0);
    if (!isUsed) {
      this.#emit("", expr);
      return;
    }
    const names = resultNames(step);
    const reused = this.#reusable(expr, step, i);
    const targets = this.#targets(
      result,
      (_, k) => (k === 0 && reused !== undefined ? reused : names[k]),
      reused,
    );
    this.#emit(`${targets} = `, expr);
    for (const value of valuesOf(result)) this.#readSizes(value);
  }

  /** The name of the first operand, where nothing uses it afterwards. */
  #reusable(expr: Done, { call, result }: Step, i: number): string | undefined {
    const first = firstName(expr);
    if (first === undefined) return undefined;
    const values = [...this.#exprs].filter(([, e]) => e.kind === "atom" && e.text === first).map(([v]) => v);
    const last = values.at(-1);
    if (last === undefined) return undefined;
    const uses = values.flatMap((value) => this.#uses.get(value) ?? []);
    if (uses.some((at) => at > i)) return undefined;
    const own = this.#uses.get(last) ?? [];
    const joined = new Set(own);
    const [made] = valuesOf(result);
    const isAlone = joined.size === 1 || own.every((at) => at >= i - 1);
    const isAlike = call.kind !== "module" && made !== undefined && String(made.shape) === String(last.shape);
    return isAlone || isAlike ? first : undefined;
  }

  /** `x`, `q, k, v`, `output, (h, _)`. */
  #targets(result: Argument, nameOf: (value: Value, k: number) => string, reused?: string): string {
    let k = 0;
    const write = (part: Argument, isInner: boolean): string => {
      if (part instanceof Value) {
        const wanted = nameOf(part, k++);
        if ((this.#uses.get(part) ?? []).length === 0 && !(result instanceof Value)) return "_";
        const name = wanted === reused ? reused : this.#names.give(snakeCase(wanted));
        this.#forget(name);
        this.#exprs.set(part, atom(name));
        return name;
      }
      const items = Array.isArray(part) ? part : Object.values(part as object);
      const texts = items.map((item) => (valuesOf(item).length === 0 ? "_" : write(item, true)));
      const list = texts.every((text) => text === "_") ? "_" : texts.join(", ");
      if (list === "_" && isInner) return "_";
      if (texts.length === 1) return isInner ? `(${texts[0]},)` : `(${texts[0]},)`;
      return isInner ? `(${list})` : texts.join(", ");
    };
    return write(result, false);
  }

  /** A name that now stands for another value. */
  #forget(name: string): void {
    for (const [value, expr] of this.#exprs)
      if (expr.kind === "atom" && expr.text === name) this.#exprs.delete(value);
  }

  #return(): void {
    const { output, steps } = this.#body;
    const last = this.#pending.at(-1);
    const isDirect =
      last !== undefined &&
      valuesOf(output).length === 1 &&
      output === last.step.result &&
      flat(measured(last.expr)).length <= WIDTH - 15;
    const kept = isDirect ? new Set([last]) : new Set<Pending>();
    this.#flush(kept);
    if (isDirect) this.#exprs.set(output as Value, last.expr);
    const step = steps.at(-1);
    const write = (part: Argument): Done => {
      if (part instanceof Value) {
        const expr = this.#exprs.get(part) ?? this.#body.fieldOf(part);
        if (expr !== undefined) return expr;
        if (step !== undefined) return this.#reach(part, step);
        throw new ExportError("the model returns a tensor that it does not compute");
      }
      if (Array.isArray(part)) return { kind: "tuple", items: part.map(write) };
      const entries = Object.entries(part as { readonly [name: string]: Argument });
      return {
        kind: "dict",
        entries: entries.map(([name, item]) => [snakeCase(name), write(item)] as const),
      };
    };
    this.#emit("return ", write(output));
  }

  #emit(before: string, expr: Done): void {
    this.#statements.push({ before, expr, after: "", inner: [] });
  }
}

function holesIn({ expr, assigned }: Step): Hole[] {
  return assigned === null ? holesOf(expr) : [...holesOf(assigned), ...holesOf(expr)];
}

function isHole(expr: BodyExpr, { result }: Step): boolean {
  return expr.kind === "hole" && expr.hole === result;
}

/** The line of the program on which a call stands; 0 where that is not known. */
function lineOf({ call: { place } }: Step): number {
  return Number(/:(\d+):\d+\)?$/.exec(place)?.[1] ?? 0);
}

/** The first variable of an expression, in the order in which it is evaluated. */
function firstName(expr: Done): string | undefined {
  switch (expr.kind) {
    case "atom":
      return /^[a-z_]\w*$/.test(expr.text) && !["self", "torch", "nn", "_"].includes(expr.text)
        ? expr.text
        : undefined;
    case "attribute":
      return firstName(expr.of);
    case "index":
      return firstName(expr.of);
    case "call":
      return firstName(expr.callee) ?? firstOf(expr.args.map(({ value }) => value));
    case "unary":
      return firstName(expr.of);
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

/** With numbers of one width, so that instances that differ in them are broken alike. */
export function measured(expr: Done): Expr {
  return fill<Constant, never>(expr, () => atom("000"));
}
