import type { RowKernel } from "@flambeau/backend";
import { joinedCopiesOf, reachable } from "./codegen/emit.ts";
import { Graph, type Value } from "./codegen/graph.ts";
import { alongRow, type InputForm, open } from "./codegen/kernel-module.ts";
import { lowerFloat32 } from "./codegen/lower.ts";
import { v128 } from "./codegen/opcodes.ts";
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
  const opening = open(roots, { ...form, inputs: forms, params: kernel.params }, OPERAND + 2, [
    neutral.sum,
    neutral.max,
    lanes,
  ]);
  const { module, code, emitter, inputs, partial, values } = opening;
  const [rows, n] = [0, 1];
  const cursor = code.local("i32");
  const rest = code.local("i32");
  const accumulators = {
    sum: new Accumulator(code, emitter, "sum", neutral.sum),
    max: new Accumulator(code, emitter, "max", neutral.max),
  };
  const isOfRow = ({ kind, op, immediate }: Value): boolean =>
    kind === "leaf" && op !== "param" && immediate[0] < kernel.inputs;

  /** Goes along the row, and stores what the root comes to where it is told to. */
  const pass = (
    root: Value,
    stores: boolean,
    use?: (locals: readonly number[], isPartial: boolean) => void,
  ): void => {
    const copies = root.kind === "leaf" ? 8 : joinedCopiesOf(reachable([root]), form.fused);
    code.get(n).set(rest);
    code.get(OPERAND).set(cursor);
    const take = (made: readonly number[], isPartial: boolean): void => {
      if (stores && isPartial) code.get(cursor).get(made[0]).get(rest).call(partial.storeWords);
      else if (stores) {
        for (const [k, value] of made.entries())
          code
            .get(cursor)
            .get(value)
            .memory(v128.store, 16 * k);
      }
      use?.(made, isPartial);
    };
    alongRow(opening, root, copies, rest, take, (elements) => {
      if (stores) code.advance(cursor, 4 * elements);
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
    pass(output, true);
    inputs.nextRow();
    code.advanceBy(OPERAND, OPERAND + 1);
    code.countDown(rows);
  });
  return module.encode();
}
