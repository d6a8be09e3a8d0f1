import type { Expr } from "@flambeau/backend";
import { copiesOf } from "./emit.ts";
import { Graph } from "./graph.ts";
import { type InputForm, open, whileLeft } from "./kernel-module.ts";
import { boolBytes, lowerFloat32 } from "./lower.ts";
import { i32, v128 } from "./opcodes.ts";

/** Values of a body that is short. */
const SHORT = 16;

/** What a map's module is made for. */
export interface MapForm {
  readonly inputs: readonly InputForm[];
  readonly params: number;
  /** Of each output, whether it is stored as bool. */
  readonly bools: readonly boolean[];
  /** What the values of params decide, by their numbers: see `choiceOf`. */
  readonly choices: ReadonlyMap<number, number>;
  readonly fused: boolean;
  readonly shared: boolean;
}

/**
 * A module whose `run(rows, n, outputs, inputs, params)` evaluates expressions over rows of n float32; each operand is
 * an address and a distance in bytes from row to row. Undefined when a function has no SIMD code.
 */
export function mapModule(outputs: readonly Expr[], form: MapForm): Uint8Array<ArrayBuffer> | undefined {
  const g = new Graph(form.fused);
  const lowered = lowerFloat32(
    g,
    outputs,
    form.inputs.map(({ kind }) => kind),
    form.choices,
  );
  if (lowered === undefined) return undefined;
  const roots = lowered.map((value, k) => (form.bools[k] ? boolBytes(g, value) : value));
  const { module, code, emitter, inputs, partial, values } = open(roots, form, 2 + 2 * roots.length);
  const rows = 0;
  const n = 1;
  const targets = roots.map((_, k) => 2 + 2 * k);
  const cursors = roots.map(() => code.local("i32"));
  const rest = code.local("i32");

  const storeAt = (k: number, vector: number, at: number): void => {
    code.get(cursors[k]).get(vector);
    if (form.bools[k]) code.laneMemory(v128.store32_lane, 0, 4 * at);
    else code.memory(v128.store, 16 * at);
  };
  const storeRest = (k: number, vector: number): void => {
    code.get(cursors[k]).get(vector).get(rest);
    code.call(form.bools[k] ? partial.storeBytes : partial.storeWords);
  };
  const advance = (elements: number): void => {
    inputs.advance(elements);
    cursors.forEach((cursor, k) => {
      code.advance(cursor, form.bools[k] ? elements : 4 * elements);
    });
    code.advance(rest, -elements);
  };

  const copies = copiesOf(values);
  code.loop(() => {
    inputs.beginRow(emitter, values);
    for (let k = 0; k < targets.length; k++) code.get(targets[k]).set(cursors[k]);
    code.get(n).set(rest);
    whileLeft(code, rest, 4 * copies, () => {
      emitter.body(
        roots,
        copies,
        (leaf, copy) => inputs.load(leaf, copy),
        (results, copy) => {
          for (let k = 0; k < results.length; k++) storeAt(k, results[k], copy);
        },
      );
      advance(4 * copies);
    });
    // Of short rows much is left, and a body that is short costs little to have once more.
    if (values.length <= SHORT) {
      whileLeft(code, rest, 4, () => {
        emitter.body(
          roots,
          1,
          (leaf) => inputs.load(leaf, 0),
          (results) => {
            for (let k = 0; k < results.length; k++) storeAt(k, results[k], 0);
          },
        );
        advance(4);
      });
    }
    code.block(() => {
      code.get(rest).i32(0).op(i32.le_s).brIf(0);
      code.loop(() => {
        emitter.body(
          roots,
          1,
          (leaf) => inputs.loadRest(leaf, rest),
          (results) => {
            code.get(rest).i32(4).op(i32.ge_s);
            code.if(
              () => {
                for (let k = 0; k < results.length; k++) storeAt(k, results[k], 0);
              },
              () => {
                for (let k = 0; k < results.length; k++) storeRest(k, results[k]);
              },
            );
          },
        );
        advance(4);
        code.get(rest).i32(0).op(i32.gt_s).brIf(0);
      });
    });
    inputs.nextRow();
    for (const target of targets) {
      code.advanceBy(target, target + 1);
    }
    code.countDown(rows);
  });
  return module.encode();
}
