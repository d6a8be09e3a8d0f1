/** Bodies as statements: what is joined on one line, and what results are called. */
import { type Argument, Size, Value, valuesIn } from "@flambeau/graph";
import { ExportError } from "../errors.ts";
import { type BodyExpr, Constant, type Hole } from "../hole.ts";
import { flat } from "../python/flat.ts";
import { WIDTH } from "../python/layout.ts";
import { snakeCase } from "../python/names.ts";
import { atom, attribute, call as callOf, type Expr, fill, holesOf } from "../python/tree.ts";
import type { Body, Statement, Written } from "./body.ts";
import { liveSteps } from "./live.ts";
import { type Loop, loopsIn } from "./loops.ts";
import { isProduct, measured } from "./measure.ts";
import { type Pending, PendingSteps, standTogether } from "./pending.ts";
import { resultNames } from "./result-names.ts";
import { SizePlan } from "./sizes.ts";
import type { Step } from "./steps.ts";
import { Variables } from "./variables.ts";

type Done = Expr<Constant>;

/** Writes a body. */
export function writeBody(body: Body): Written {
  return new Writer({ ...body, steps: liveSteps(body) }).write();
}

/** How much of a line is taken by indentation and a name. */
const MARGIN = 14;

class Writer {
  readonly #body: Body;
  readonly #variables: Variables;
  readonly #sizes: SizePlan;
  readonly #sizeNames = new Map<string, Done>();
  readonly #pending = new PendingSteps();
  #statements: Statement[] = [];
  /** The names of values that have to have them: what a loop gives to its next round. */
  readonly #forced = new Map<Value, string>();
  #device: Done = atom("next(self.parameters()).device");

  constructor(body: Body) {
    this.#body = body;
    const { parameters, steps, output } = body;
    this.#sizes = new SizePlan(
      parameters.flatMap(({ pattern }) => valuesIn(pattern)),
      steps,
    );
    const uses = new Map<Value, number[]>();
    const use = (value: Value, at: number): void => {
      uses.set(value, [...(uses.get(value) ?? []), at]);
    };
    steps.forEach(({ expr, assigned }, i) => {
      for (const hole of [expr, ...(assigned === null ? [] : [assigned])].flatMap((e) => holesOf<Hole>(e)))
        if (hole instanceof Value) use(hole, i);
    });
    for (const value of valuesIn(output)) use(value, steps.length);
    this.#variables = new Variables(uses, (value) => body.fieldOf(value, this.#device));
  }

  write(): Written {
    const parameters = this.#parameters();
    const { steps, rows, output } = this.#body;
    const loops = loopsIn(steps, rows, valuesIn(output));
    for (let i = 0; i < steps.length; i++) {
      const loop = loops.get(i);
      if (loop === undefined) this.#step(steps[i], i);
      else {
        this.#loop(loop, i);
        i += loop.length * loop.count - 1;
      }
    }
    this.#return();
    return { parameters, statements: this.#statements };
  }

  #parameters(): string[] {
    const { parameters } = this.#body;
    const names = parameters.map(({ name, pattern }) => {
      const own = this.#variables.giveParameter(name);
      if (pattern instanceof Value) this.#variables.assign(pattern, own);
      return own;
    });
    parameters.forEach(({ pattern, parts = [] }, k) => {
      if (!(pattern instanceof Value)) this.#unpack(names[k], pattern, parts);
    });
    const values = parameters.flatMap(({ pattern }) => valuesIn(pattern));
    const first = values.map((value) => this.#variables.find(value)).find((expr) => expr !== undefined);
    if (first !== undefined) this.#device = attribute(first, "device");
    for (const value of values) this.#readSizes(value);
    return names;
  }

  /** `recon, mu = output`, or `mu = output["mu"]` for each entry. */
  #unpack(name: string, pattern: Argument, parts: readonly string[], of: Done = atom(name)): void {
    if (Array.isArray(pattern)) {
      const names = valuesIn(pattern).map((_, i) => parts[i] ?? `${name}${i + 1}`);
      this.#emit(`${this.#variables.targets(pattern, names)} = `, of);
      return;
    }
    for (const [key, part] of Object.entries(pattern as { readonly [key: string]: Argument })) {
      if (!valuesIn(part).some((value) => this.#variables.usesOf(value).length > 0)) continue;
      const entry: Done = { kind: "index", of, items: [atom(`"${snakeCase(key)}"`)] };
      if (part instanceof Value) this.#emit(`${this.#variables.targets(part, [key])} = `, entry);
      else this.#unpack(key, part, [], entry);
    }
  }

  /** Reads the sizes of a tensor that are needed, unless it is once and the tensor still has its name then. */
  #readSizes(value: Value): void {
    const needed = [...this.#sizes.needed()].filter(([, source]) => source.value === value);
    const of = this.#variables.find(value);
    if (needed.length === 0 || of === undefined) return;
    const shape = attribute(of, "shape");
    const item = (dim: number): Done => ({ kind: "index", of: shape, items: [atom(String(dim))] });
    const [[text, { dim }, uses]] = needed;
    const last = Math.max(-1, ...this.#variables.usesOf(value));
    // Within a slice only names are short enough.
    const isSliced = uses.some((at) => /^(at|set)$/.test(this.#body.steps[at].call.name));
    if (needed.length === 1 && uses.length === 1 && last >= uses[0] && !isSliced) {
      this.#sizeNames.set(text, item(dim));
      return;
    }
    const dims = needed.map(([size, source]): [number, string] => {
      const name = this.#variables.give(/^[a-z_]+$/.test(size) ? size : "size");
      this.#sizeNames.set(size, atom(name));
      return [source.dim, name];
    });
    const names = new Map(dims);
    if (names.size === 1) this.#emit(`${dims[0][1]} = `, item(dims[0][0]));
    else this.#emit(`${value.shape.map((_, d) => names.get(d) ?? "_").join(", ")} = `, shape);
  }

  #step(step: Step, i: number): void {
    const { result, writes, assigned } = step;
    const uses = valuesIn(result).flatMap((value) => this.#variables.usesOf(value));
    if (uses.length === 0 && !step.hasEffects && !step.isInPlace) return;
    const joined = new Set<number>([i]);
    const expr = this.#filled(step, step.expr, joined);
    if (assigned !== null) {
      const value = this.#filled(step, assigned, joined);
      this.#flush([expr, value]);
      this.#emit(`${flat(measured(expr))} = `, value);
      this.#alias(step);
      return;
    }
    if (writes !== null && this.#isVariable(writes)) {
      this.#flush([expr]);
      this.#emit("", expr);
      this.#alias(step);
      return;
    }
    if (result instanceof Value && uses.length === 1 && !this.#isNamed(result) && !step.isInPlace) {
      this.#pending.add({ step, index: i, expr, joined });
      return;
    }
    this.#flush([expr]);
    this.#assign(step, i, expr, joined);
  }

  /** Whether a value has to have a name. */
  #isNamed(value: Value): boolean {
    return this.#forced.has(value) || this.#sizes.reads(value);
  }

  /** Whether a value has a name by which it can be written over. */
  #isVariable(value: Value): boolean {
    const expr = this.#variables.find(value);
    return expr !== undefined && /^[\w.]+$/.test(flat(measured(expr)));
  }

  /** A value that is written over keeps its name. */
  #alias({ writes, result }: Step): void {
    const expr = this.#variables.find(writes as Value) as Done;
    for (const value of valuesIn(result)) if (!this.#variables.has(value)) this.#variables.set(value, expr);
  }

  /** `for layer in self.layers:` and the first round of what it does. */
  #loop(loop: Loop, i: number): void {
    this.#flush();
    const { carried, next, last, list, itemName } = loop;
    const start = this.#variables.find(carried) as Done;
    const end = i + loop.length - 1;
    const isFree =
      start.kind === "atom" && this.#variables.usesOf(carried).every((at) => at >= i && at <= end);
    const name = isFree ? start.text : this.#variables.give("out");
    if (!isFree) this.#emit(`${name} = `, start);
    this.#variables.assign(carried, name);
    const item = this.#variables.give(itemName);
    const outer = this.#statements;
    this.#statements = [];
    this.#forced.set(next, name);
    loop.round(item).forEach((step, k) => {
      this.#step(step, i + k);
    });
    this.#flush();
    const inner = this.#statements;
    this.#statements = outer;
    const over = fill<Hole, Constant>(list, () => atom("_"));
    this.#statements.push({ before: `for ${item} in `, expr: over, after: ":", inner });
    this.#variables.assign(last, name);
  }

  /** An expression with what its values are; what is pending and does not join is written before. */
  #filled(step: Step, expr: BodyExpr, joined: Set<number>): Done {
    const used = this.#pending.usedBy(expr);
    const joining = new Set(used.filter((one) => standTogether(one.step, step)));
    const long = (): boolean => flat(measured(this.#fill(step, expr, true))).length > WIDTH - MARGIN;
    for (const { step: inner, expr: own } of joining) this.#variables.set(inner.result as Value, own);
    if (joining.size > 0 && (this.#pending.wouldReorder(joining) || long())) {
      for (const { step: inner } of joining) this.#variables.delete(inner.result as Value);
      joining.clear();
    }
    const before = new Set(this.#pending.upTo(used.filter((one) => !joining.has(one))));
    for (const one of joining) {
      before.delete(one);
      for (const at of one.joined) joined.add(at);
    }
    this.#pending.take(before);
    this.#assignAll([...before], []);
    this.#pending.take(joining);
    return this.#fill(step, expr);
  }

  /** Writes what is pending as statements of their own, before an expression that is ready. */
  #flush(ready: readonly Done[] = [], kept: ReadonlySet<Pending> = new Set()): void {
    this.#assignAll(this.#pending.takeOthers(kept), ready);
  }

  /** Assigns steps in order. Names in expressions that come later, though they are written already, stay what they are. */
  #assignAll(list: readonly Pending[], ready: readonly Done[]): void {
    list.forEach(({ step, index, expr, joined }, k) => {
      const later = [...list.slice(k + 1), ...this.#pending.all].map((one) => one.expr);
      this.#variables.hold([...later, ...ready]);
      this.#assign(step, index, expr, joined);
    });
    this.#variables.hold([]);
  }

  #fill(step: Step, expr: BodyExpr, isDraft = false): Done {
    const detached = this.#body.detached.get(step.call);
    return fill<Hole, Constant>(expr, (hole) => {
      if (hole instanceof Constant) return { kind: "hole", hole };
      if (hole === "device") return this.#device;
      if (hole instanceof Size)
        return this.#sizes.expr(hole, (text) => this.#sizeNames.get(text) as Expr) as Done;
      const own = this.#variables.find(hole) ?? (isDraft ? atom("xx") : this.#missing(step));
      return detached?.has(hole) === true ? callOf(attribute(own, "detach")) : own;
    });
  }

  #missing({ call: { name, place } }: Step): never {
    const at = place === "" ? "" : ` at ${place}`;
    throw new ExportError(
      `${name}${at}: it takes a tensor that was made from JavaScript's values or elsewhere in the program; hold it in a buffer, or pass it on as an argument`,
    );
  }

  #assign(step: Step, i: number, expr: Done, joined: ReadonlySet<number>): void {
    const { result } = step;
    const used = valuesIn(result).filter((value) => this.#variables.usesOf(value).length > 0);
    if (used.length === 0) {
      this.#emit("", expr);
      return;
    }
    const isModule = step.call.kind === "module";
    // What several lines take of a module is called as the module, what one takes goes on under its name.
    const isKept = isModule && new Set(used.flatMap((value) => this.#variables.usesOf(value))).size > 1;
    const own =
      result instanceof Value && !isProduct(expr) && !isKept
        ? this.#variables.reusable(expr, used[0], i, joined, isModule)
        : undefined;
    this.#variables.at = i;
    const forced = result instanceof Value ? this.#forced.get(result) : undefined;
    const names = resultNames(step, this.#body);
    const isNext = isModule && result instanceof Value && this.#variables.usesOf(result).includes(i + 1);
    const main =
      isNext && !isKept ? this.#variables.mainName(result) : isProduct(expr) ? "scores" : undefined;
    const targets = this.#variables.targets(result, main === undefined ? names : [main], forced ?? own);
    this.#emit(`${targets} = `, expr);
    for (const value of used) this.#readSizes(value);
  }

  #return(): void {
    const { output, steps } = this.#body;
    const { last } = this.#pending;
    const isDirect =
      last !== undefined && output === last.step.result && flat(measured(last.expr)).length <= WIDTH - 15;
    this.#flush([], isDirect ? new Set([last]) : new Set());
    if (isDirect) this.#variables.set(output as Value, last.expr);
    const step = steps.at(-1);
    const write = (part: Argument): Done => {
      if (part instanceof Value) {
        const expr = this.#variables.find(part);
        const isDetached = this.#body.detachedOutputs.has(part);
        if (expr !== undefined) return isDetached ? callOf(attribute(expr, "detach")) : expr;
        if (step !== undefined) return this.#missing(step);
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
