/** The calls of a graph, in order: each by its lowering, or by those of the calls within it. */
import { type Call, type Graph, Value } from "@flambeau/graph";
import type { Ref } from "./builder.ts";
import type { Emit, Lowering } from "./emit.ts";
import { overwrites } from "./lower/factories.ts";
import { lowerFormula } from "./lower/formula.ts";
import { calls, MAYBE_VIEWS, primitives, VIEWS, writes } from "./lower/index.ts";
import { indexed, isBasic } from "./lower/indices.ts";
import type { Memories, View } from "./memory.ts";
import { baseOf, hasWrite, mutates, neededValues, writesTo } from "./reach.ts";

/** Calls that read elements to refuse some of them, and compute without what they read. */
const CHECKS: ReadonlySet<string> = new Set(["gaussianNllLoss"]);

/** What draws random numbers. */
const DRAWS =
  /^(rand|normal|uniform|bernoulli|multinomial|poisson|binomial|exponential|geometric|cauchy|logNormal|.*[dD]ropout|rrelu|gumbel)/;

export class Walk {
  readonly #x: Emit;
  readonly #memories: Memories;
  readonly #needed: ReadonlySet<Value>;

  constructor(x: Emit, memories: Memories, graph: Graph) {
    this.#x = x;
    this.#memories = memories;
    this.#needed = neededValues(graph);
  }

  /** Lowers what the results depend on. */
  calls(list: readonly Call[]): void {
    for (const call of list)
      if (hasWrite(call) || call.outputs.some((y) => this.#needed.has(y))) this.#call(call);
  }

  /** Whether a value has a tensor in the model, or will have that which the program holds. */
  #isKnown(value: Value): boolean {
    return this.#memories.has(value) || value.tensor !== null;
  }

  #call(call: Call): void {
    // What returned its operand as it was.
    const isDone = (): boolean => call.outputs.every((y) => this.#isKnown(y) || !this.#needed.has(y));
    if (isDone() && !hasWrite(call)) return;
    const x = this.#x;
    const { scope } = x.builder;
    x.calls.push(call);
    if (call.kind === "module") x.builder.scope = call.path === "" ? scope : call.path.replaceAll(".", "/");
    if (call.kind === "write") this.#write(call);
    else if (this.#overwrite(call) || this.#lower(call)) for (const inner of call.inner) this.#meet(inner);
    else {
      if (call.inner.length === 0 && !isDone()) this.#refuse(call);
      const isFixed = call.inputs.every((value) => value.tensor !== null);
      if (call.reads && !isFixed && !CHECKS.has(call.name))
        this.#x.refuse(`${call.name} reads elements, on which its calls depend`);
      this.calls(call.inner);
      if (!isDone()) this.#refuse(call);
    }
    x.builder.scope = scope;
    x.calls.pop();
  }

  /** Has the views known that a call made which is lowered as a whole: a detached tensor may be known by one of them. */
  #meet(call: Call): void {
    const { kind, inputs, outputs } = call;
    const [base] = inputs;
    const lowering = this.#loweringOf(call);
    if (kind === "view" && lowering !== null && this.#memories.has(base))
      for (const [i, y] of outputs.entries())
        if (!this.#isKnown(y)) this.#memories.addLater(y, base, this.#viewOf(call, i, base, lowering));
    if (kind === "write" && this.#memories.has(base) && !this.#isKnown(outputs[0]))
      this.#memories.addSame(outputs[0], base);
    for (const inner of call.inner) this.#meet(inner);
  }

  #refuse(call: Call): never {
    const draw = this.#x.calls.find(({ kind, name }) => kind !== "module" && DRAWS.test(name));
    return this.#x.refuse(
      draw === undefined
        ? `${call.name} is no operation of ONNX, and made of none for these arguments and open sizes`
        : `${draw.name} draws random numbers`,
    );
  }

  /** False where a call has no lowering for its arguments. */
  #lower(call: Call): boolean {
    const lowering = this.#loweringOf(call);
    // Writes to what others show are followed one by one.
    const known = (value: Value): boolean => this.#isKnown(value);
    if (lowering === null || writesTo(call, known)) return false;
    const refs = list(lowering(this.#x, call));
    if (refs === null) return false;
    const bases = call.outputs.map((y) => baseOf(call, y));
    for (const [i, y] of call.outputs.entries()) {
      if (known(y)) continue;
      const base = bases[i];
      if (base !== y && known(base)) this.#addView(call, i, base, lowering, refs[i]);
      else if (call.inner.length === 0 && VIEWS.has(call.name) && isBasic(call.args.index))
        this.#addView(call, i, call.inputs[0], lowering, refs[i]);
      else {
        const isShared = bases.filter((other) => other === base).length > 1;
        this.#memories.add(y, refs[i], isShared ? "it is one of several results that share memory" : "");
        if (call.inner.length === 0 && MAYBE_VIEWS.has(call.name))
          for (const value of [y, call.inputs[0]])
            this.#memories.refuse(value, `whether ${call.name} copied depends on open sizes`);
      }
    }
    return true;
  }

  #addView(call: Call, i: number, base: Value, lowering: Lowering, ref: Ref): void {
    this.#x.of(base);
    this.#memories.addView(call.outputs[i], base, this.#viewOf(call, i, base, lowering), ref);
  }

  /** What a call shows of its input, as a view of any tensor of that shape. */
  #viewOf(call: Call, i: number, base: Value, lowering: Lowering): View {
    const x = this.#x;
    return (other) => x.instead(base, other, () => (list(lowering(x, call)) as Ref[])[i]);
  }

  #loweringOf(call: Call): Lowering | null {
    const { kind, name, formula } = call;
    if (kind === "module") return null;
    if (kind === "call") return get(calls, name);
    return formula === null ? get(primitives, name) : (x) => lowerFormula(x, call, formula);
  }

  /** A call that writes over its input, as a whole; false for others, and where the writes within it say more. */
  #overwrite(call: Call): boolean {
    if (!mutates(call)) return false;
    const isPart = call.name === "set" && !isBasic(call.args.index);
    if (this.#writeOver(call)) return true;
    if (call.inner.length > 0 && !isPart) return false;
    this.#set(call);
    return true;
  }

  /** The in-place form of a call that has a lowering: "tril_" of "tril". False for others. */
  #writeOver(call: Call): boolean {
    const { kind, name, args, outputs } = call;
    const lowering = kind === "call" && name.endsWith("_") ? get(calls, name.slice(0, -1)) : null;
    const target = args.input;
    if (lowering === null || !(target instanceof Value) || outputs.length !== 1) return false;
    const { dtype } = this.#x.of(target);
    this.#checkWritable(target);
    const made = lowering(this.#x, call);
    if (made === null) return false;
    this.#memories.write(target, outputs[0], this.#x.cast(made as Ref, dtype));
    return true;
  }

  /** A write to the part that an index shows. */
  #set(call: Call): void {
    const x: Emit = this.#x;
    const { input, index, value } = call.args;
    if (call.name !== "set" || !(input instanceof Value))
      x.refuse("a write whose parts follow from open sizes in no way that is known");
    const ref = x.of(input);
    this.#checkWritable(input);
    const view = (other: Ref): Ref => indexed(x, other, input.shape.length, index);
    const shape = x.node("Shape", [view(ref)], "int64");
    const part = x.node("Expand", [x.as(value, ref.dtype), shape], ref.dtype);
    this.#memories.writePart(input, view, part);
  }

  #checkWritable(target: Value): void {
    const refusal = this.#memories.refusalOf(target);
    if (refusal !== "") this.#x.refuse(`a write to a tensor cannot be followed: ${refusal}`);
  }

  #write(call: Call): void {
    const x = this.#x;
    const { name, formula, outputs } = call;
    const target = call.args["0"] as Value;
    const lowering = get(writes, name);
    // Memory that a call allocated unseen, and fills.
    if (
      target.origin === "constant" &&
      target.tensor === null &&
      lowering !== null &&
      Object.hasOwn(overwrites, name)
    ) {
      this.#memories.add(outputs[0], lowering(x, call) as Ref);
      return;
    }
    const { dtype } = x.of(target);
    this.#checkWritable(target);
    if (formula === null && lowering === null) this.#refuse(call);
    const made = formula === null ? lowering?.(x, call) : lowerFormula(x, call, formula);
    this.#memories.write(target, outputs[0], x.cast(made as Ref, dtype));
  }
}

function get(table: Readonly<Record<string, Lowering>>, name: string): Lowering | null {
  return Object.hasOwn(table, name) ? table[name] : null;
}

function list(made: Ref | readonly Ref[] | null): readonly Ref[] | null {
  return made === null || Array.isArray(made) ? (made as readonly Ref[] | null) : [made as Ref];
}
