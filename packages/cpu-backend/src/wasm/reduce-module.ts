import type { Expr } from "@flambeau/backend";
import type { Code } from "./assembler.ts";
import { type Emitter, joinedCopiesOf } from "./emit.ts";
import { Graph, type Value } from "./graph.ts";
import { alongRow, type InputForm, type Opening, open, whileLeft } from "./kernel-module.ts";
import { lowerFloat32 } from "./lower.ts";
import { f32, f32x4, f64, f64x2, i32, i32x4, type Op, v128 } from "./opcodes.ts";

/** How a SIMD reduction joins values. */
export type SimdCombine = "sum" | "max" | "min";

/** What a reduction's module is made for. */
export interface ReduceForm {
  readonly inputs: readonly InputForm[];
  readonly params: number;
  readonly combine: SimdCombine;
  /** What the values of params decide, by their numbers: see `choiceOf`. */
  readonly choices: ReadonlyMap<number, number>;
  readonly fused: boolean;
  readonly shared: boolean;
}

const JOIN: Readonly<Record<"max" | "min", Op>> = { max: f32x4.max, min: f32x4.min };
const JOIN_DOUBLE: Readonly<Record<SimdCombine, Op>> = { sum: f64.add, max: f64.max, min: f64.min };
const JOIN_DOUBLES: Readonly<Record<SimdCombine, Op>> = {
  sum: f64x2.add,
  max: f64x2.max,
  min: f64x2.min,
};
const NEUTRAL: Readonly<Record<SimdCombine, number>> = { sum: 0, max: -Infinity, min: Infinity };
const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** The parameters' first two: how many rows, and how long. */
const ROWS = 0;
const N = 1;
/** The address of the doubles that the results join. */
const ACC = 2;
/** The inputs follow it and the step to the next double. */
const INPUTS = 4;

interface Parts extends Opening {
  readonly root: Value;
  readonly accumulators: readonly Accumulator[];
  readonly lanes: Value;
}

/**
 * `run(rows, n, doubles, step, inputs, params)`: joins each row of n values with a double; `step` bytes lead to the next
 * row's. Undefined when a function has no SIMD code.
 */
export function reduceRowsModule(prepare: Expr, form: ReduceForm): Uint8Array<ArrayBuffer> | undefined {
  const parts = begin(prepare, form);
  if (parts === undefined) return undefined;
  const { module, code, emitter, inputs, root, values, accumulators } = parts;
  // A plain sum is so short that going on to the next vectors would be a third of it.
  const copies = form.combine === "sum" && root.kind === "leaf" ? 8 : accumulators.length;
  const rest = code.local("i32");

  code.loop(() => {
    inputs.beginRow(emitter, values);
    code.get(N).set(rest);
    for (const accumulator of accumulators) accumulator.reset();
    alongRow(parts, root, copies, rest, (made, isPartial) => {
      if (isPartial) accumulators[0].joinFirst(made[0], rest, parts.lanes);
      else if (form.combine === "sum") accumulators[0].joinAll(made);
      else for (const [copy, value] of made.entries()) accumulators[copy].join(value);
    });
    if (form.combine !== "sum") for (const other of accumulators.slice(1)) accumulators[0].joinOther(other);
    accumulators[0].finish();
    accumulators[0].joinDouble();
    code.advanceBy(ACC, ACC + 1);
    inputs.nextRow();
    code.countDown(ROWS);
  });
  return module.encode();
}

/**
 * `run(rows, n, doubles, step, inputs, params)`: joins each of n columns with one of n neighbouring doubles, whatever the
 * step. (Memory of up to three more is read and written back as it was.) Undefined when a function has no SIMD code.
 */
export function reduceColumnsModule(prepare: Expr, form: ReduceForm): Uint8Array<ArrayBuffer> | undefined {
  const parts = begin(prepare, form);
  if (parts === undefined) return undefined;
  const { module, code, emitter, inputs, root, accumulators } = parts;
  const column = code.local("i32");
  const rest = code.local("i32");
  const left = code.local("i32");

  const strip = (vectors: number, isPartial: boolean): void => {
    for (let k = 0; k < vectors; k++) accumulators[k].reset();
    inputs.beginColumn(column);
    code.get(ROWS).set(left);
    code.loop(() => {
      emitter.body(
        [root],
        vectors,
        (leaf, copy) => inputs.loadInStrip(leaf, copy, isPartial ? rest : undefined),
        ([value], copy) => {
          if (isPartial) accumulators[0].joinFirst(value, rest, parts.lanes);
          else accumulators[copy].join(value);
        },
      );
      inputs.nextRowOfStrip();
      code.countDown(left);
    });
    for (let k = 0; k < vectors; k++) accumulators[k].joinDoubles(32 * k);
    code.advance(ACC, 32 * vectors);
    code.advance(column, 4 * vectors);
    code.advance(rest, -4 * vectors);
  };
  const strips = (vectors: number): void => whileLeft(code, rest, 4 * vectors, () => strip(vectors, false));

  code.i32(0).set(column);
  code.get(N).set(rest);
  // Widths of tensors are rarely multiples of five.
  strips(Math.min(4, accumulators.length));
  strips(1);
  code.get(rest).i32(0).op(i32.gt_s);
  code.if(() => strip(1, true));
  return module.encode();
}

/** The module, its function's beginning, and what both kinds need. */
function begin(prepare: Expr, form: ReduceForm): Parts | undefined {
  const g = new Graph(form.fused);
  const kinds = form.inputs.map(({ kind }) => kind);
  const lowered = lowerFloat32(g, [prepare], kinds, form.choices);
  if (lowered === undefined) return undefined;
  const [root] = lowered;
  const neutral = g.float32(NEUTRAL[form.combine]);
  const lanes = g.words(0, 1, 2, 3);
  const opening = open([root], form, INPUTS, [neutral, lanes]);
  const { code, emitter, values } = opening;
  const accumulators = Array.from(
    { length: joinedCopiesOf(values, form.fused) },
    () => new Accumulator(code, emitter, form.combine, neutral),
  );
  return { ...opening, root, accumulators, lanes };
}

/** So many vectors are added to a float before it is added to a double. */
const FLOATS = 4;

/** What four lanes have been joined to so far: floats, or for sums doubles, so that rounding errors do not grow. */
export class Accumulator {
  readonly #code: Code;
  readonly #emitter: Emitter;
  readonly #combine: SimdCombine;
  readonly #neutral: Value;
  readonly #low: number;
  readonly #high: number;
  /** A sum of `joinAll` that is not in the doubles yet, and how many more may join it. */
  readonly #part: number;
  readonly #left: number;

  constructor(code: Code, emitter: Emitter, combine: SimdCombine, neutral: Value) {
    this.#code = code;
    this.#emitter = emitter;
    this.#combine = combine;
    this.#neutral = neutral;
    this.#low = code.local("v128");
    this.#high = code.local("v128");
    this.#part = code.local("v128");
    this.#left = code.local("i32");
  }

  reset(): void {
    for (const local of [this.#low, this.#high, this.#part]) {
      this.#emitter.pushFixed(this.#neutral);
      this.#code.set(local);
    }
    this.#code.i32(FLOATS).set(this.#left);
  }

  /** Joins four floats. */
  join(value: number): void {
    const code = this.#code;
    if (this.#combine !== "sum") {
      code.get(this.#low).get(value).op(JOIN[this.#combine]).set(this.#low);
      return;
    }
    code.get(this.#low).get(value).op(f64x2.promote_low_f32x4).op(f64x2.add).set(this.#low);
    code.get(this.#high).get(value).get(value).shuffle(HIGH_HALF);
    code.op(f64x2.promote_low_f32x4).op(f64x2.add).set(this.#high);
  }

  /** Joins neighbouring vectors; those to be summed are added to each other first, as floats. */
  joinAll(values: readonly number[]): void {
    const code = this.#code;
    const op = this.#combine === "sum" ? f32x4.add : this.#combine === "max" ? f32x4.pmax : f32x4.pmin;
    const push = (from: number, to: number): void => {
      if (to - from === 1) {
        code.get(values[from]);
        return;
      }
      const middle = (from + to) >> 1;
      push(from, middle);
      push(middle, to);
      code.op(op);
    };
    push(0, values.length);
    if (this.#combine !== "sum") {
      code.get(this.#low).op(op).set(this.#low);
      return;
    }
    code.get(this.#part).op(f32x4.add).set(this.#part);
    code.get(this.#left).i32(1).op(i32.sub).tee(this.#left).op(i32.eqz);
    code.if(() => this.#flush());
  }

  #flush(): void {
    this.join(this.#part);
    this.#emitter.pushFixed(this.#neutral);
    this.#code.set(this.#part).i32(FLOATS).set(this.#left);
  }

  /** To be called after the last vectors have joined. */
  finish(): void {
    if (this.#combine === "sum") this.join(this.#part);
  }

  /** Joins the first so many of four floats; `lanes` counts 0, 1, 2, 3. */
  joinFirst(value: number, count: number, lanes: Value): void {
    const masked = this.#emitter.take();
    this.#code.get(value);
    this.#emitter.pushFixed(this.#neutral);
    this.#emitter.pushFixed(lanes);
    this.#code.get(count).op(i32x4.splat).op(i32x4.lt_s).op(v128.bitselect).set(masked);
    this.join(masked);
    this.#emitter.give(masked);
  }

  /** Leaves what all lanes come to on the stack, as a float in every lane. */
  pushTotal(): void {
    const code = this.#code;
    if (this.#combine === "sum") {
      code.get(this.#low).get(this.#high).op(f64x2.add).set(this.#low);
      for (const lane of [0, 1]) code.get(this.#low).lane(f64x2.extract_lane, lane);
      code.op(f64.add).op(f32.demote_f64);
    } else {
      const op = this.#combine === "max" ? f32.max : f32.min;
      for (const lane of [0, 1, 2, 3]) {
        code.get(this.#low).lane(f32x4.extract_lane, lane);
        if (lane > 0) code.op(op);
      }
    }
    code.op(f32x4.splat);
  }

  /** For maxima and minima. */
  joinOther(other: Accumulator): void {
    this.join(other.#low);
  }

  /** Joins all four lanes with the double at `ACC`. */
  joinDouble(): void {
    const code = this.#code;
    this.#widen();
    code.get(this.#low).get(this.#high).op(JOIN_DOUBLES[this.#combine]).set(this.#low);
    code.get(ACC);
    code.get(ACC).memory(f64.load);
    for (const lane of [0, 1])
      code.get(this.#low).lane(f64x2.extract_lane, lane).op(JOIN_DOUBLE[this.#combine]);
    code.memory(f64.store);
  }

  /** Joins each lane with one of four doubles at `ACC`. */
  joinDoubles(offset: number): void {
    const code = this.#code;
    this.#widen();
    [this.#low, this.#high].forEach((half, k) => {
      code.get(ACC);
      code.get(ACC).memory(v128.load, offset + 16 * k);
      code
        .get(half)
        .op(JOIN_DOUBLES[this.#combine])
        .memory(v128.store, offset + 16 * k);
    });
  }

  /** Makes doubles of floats. */
  #widen(): void {
    if (this.#combine === "sum") return;
    const code = this.#code;
    code.get(this.#low).get(this.#low).shuffle(HIGH_HALF).op(f64x2.promote_low_f32x4).set(this.#high);
    code.get(this.#low).op(f64x2.promote_low_f32x4).set(this.#low);
  }
}
