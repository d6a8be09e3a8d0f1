import type { RowKernel } from "@flambeau/backend";
import { joinedCopiesOf, reachable } from "./emit.ts";
import { Graph, type Value } from "./graph.ts";
import { type InputForm, open, whileLeft } from "./kernel-module.ts";
import { lowerFloat32 } from "./lower.ts";
import { i32, v128 } from "./opcodes.ts";
import { Accumulator } from "./reduce-module.ts";

/** What a row kernel's module is made for. */
export interface RowForm {
  readonly inputs: readonly InputForm[];
  /** Of each step, whether its results are written out. */
  readonly stores: readonly boolean[];
  readonly fused: boolean;
  readonly shared: boolean;
}

const OPERAND = 2;

/**
 * A module whose `run(rows, n, output, inputs, results, kept, params)` computes row by row; each operand is an address and a
 * distance in bytes from row to row, `kept` is the output once more. Undefined when a function has no SIMD code.
 */
export function rowModule(kernel: RowKernel, form: RowForm): Uint8Array<ArrayBuffer> | undefined {
  const { steps } = kernel;
  const g = new Graph(form.fused);
  const forms: InputForm[] = [
    ...form.inputs,
    ...steps.map(() => ({ kind: 0, mode: "one" }) as const),
    { kind: 0, mode: "each" },
  ];
  const kinds = forms.map(({ kind }) => kind);
  const none = new Map<number, number>();
  const finishes = steps.map(({ finish }) => finish ?? null);
  const roots = lowerFloat32(
    g,
    [...steps.map(({ prepare }) => prepare), kernel.output, ...finishes.filter((e) => e !== null)],
    kinds,
    none,
  );
  if (roots === undefined) return undefined;
  const prepared = roots.slice(0, steps.length);
  const output = roots[steps.length];
  let next = steps.length + 1;
  const finished = finishes.map((e) => (e === null ? null : roots[next++]));
  const results = steps.map((_, k) => g.leaf("float", kernel.inputs + k));

  const neutral = { sum: g.float32(0), max: g.float32(-Infinity) };
  const lanes = g.words(0, 1, 2, 3);
  const { module, code, emitter, inputs, partial, values } = open(
    roots,
    { ...form, inputs: forms, params: kernel.params },
    OPERAND + 2,
    [neutral.sum, neutral.max, lanes],
  );
  const [rows, n] = [0, 1];
  const cursor = code.local("i32");
  const rest = code.local("i32");
  const accumulators = {
    sum: new Accumulator(code, emitter, "sum", neutral.sum),
    max: new Accumulator(code, emitter, "max", neutral.max),
  };
  const isOfRow = ({ kind, op, immediate }: Value): boolean =>
    kind === "leaf" && op !== "param" && immediate[0] < kernel.inputs;

  /** Goes along the row; `use` gets the root's locals, of whole vectors or of the last, partial one. */
  const pass = (root: Value, stores: boolean, use: (locals: number[], isPartial: boolean) => void): void => {
    const copies = root.kind === "leaf" ? 8 : joinedCopiesOf(reachable([root]), form.fused);
    const advance = (elements: number): void => {
      inputs.advance(elements);
      code.advance(rest, -elements);
      if (stores) code.advance(cursor, 4 * elements);
    };
    const whole = (vectors: number): void => {
      whileLeft(code, rest, 4 * vectors, () => {
        const made: number[] = [];
        emitter.body(
          [root],
          vectors,
          (leaf, copy) => inputs.load(leaf, copy),
          ([value], copy) => {
            if (stores)
              code
                .get(cursor)
                .get(value)
                .memory(v128.store, 16 * copy);
            made.push(value);
            if (made.length === vectors) use(made, false);
          },
        );
        advance(4 * vectors);
      });
    };
    code.get(n).set(rest);
    code.get(OPERAND).set(cursor);
    whole(copies);
    if (copies === 8) whole(4);
    whole(1);
    code.get(rest).i32(0).op(i32.gt_s);
    code.if(() => {
      emitter.body(
        [root],
        1,
        (leaf) => inputs.loadRest(leaf, rest),
        ([value]) => {
          if (stores) code.get(cursor).get(value).get(rest).call(partial.storeWords);
          use([value], true);
        },
      );
    });
  };

  code.loop(() => {
    steps.forEach(({ combine, keeps }, k) => {
      inputs.beginRow(emitter, k === 0 ? values.filter(isOfRow) : []);
      const accumulator = accumulators[combine];
      accumulator.reset();
      pass(prepared[k], keeps === true, (made, isPartial) => {
        if (!isPartial) accumulator.joinAll(made);
        else accumulator.joinFirst(made[0], rest, lanes);
      });
      accumulator.finish();
      accumulator.pushTotal();
      emitter.fix(results[k]);
      const root = finished[k];
      if (root !== null) {
        emitter.body(
          [root],
          1,
          () => undefined,
          ([value]) => {
            code.get(value);
            emitter.fix(results[k]);
          },
        );
      }
      if (!form.stores[k]) return;
      code.get(OPERAND + 2 + 2 * (kernel.inputs + k));
      emitter.pushFixed(results[k]);
      code.laneMemory(v128.store32_lane, 0);
    });
    inputs.beginRow(emitter, []);
    pass(output, true, () => undefined);
    inputs.nextRow();
    code.advanceBy(OPERAND, OPERAND + 1);
    code.countDown(rows);
  });
  return module.encode();
}
