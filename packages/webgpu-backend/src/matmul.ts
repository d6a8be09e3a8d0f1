import {
  type BinaryFn,
  broadcastStrides,
  type Epilogue,
  isFloat,
  numel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { bind, grid } from "./dispatch.ts";
import { loaded, stored, valueType, wideDType } from "./expr/convert.ts";
import { paramValues } from "./expr/head.ts";
import { Helpers } from "./expr/helpers.ts";
import { wgslOf } from "./expr/lowering.ts";
import { binaryCode } from "./expr/operations.ts";
import { coverOf, productCode } from "./matmul-code.ts";
import { planFor } from "./matmul-plan.ts";
import { paramWords } from "./params.ts";
import type { Stream } from "./stream.ts";
import { declarations, typesOf, walkCode, walkOf, walkWords, word } from "./strided.ts";

/**
 * See `Backend.matmul`. One launch: the epilogue is applied to each sum before it is stored. Floats, float16 too, are
 * summed in float32.
 */
export function matmul(stream: Stream, a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void {
  const { shape, dtype } = output;
  const extra = epilogue?.inputs ?? [];
  bind([a, b, output, ...extra]);
  if (numel(shape) === 0) return;
  const dims = shape.length - 2;
  const batchShape = shape.slice(0, dims);
  const full = (x: Strided, rows: number, columns: number): number[] =>
    broadcastStrides(x.shape, x.strides, [...batchShape, rows, columns]);
  const inner = a.shape[a.shape.length - 1];
  const folded = foldBatches(
    batchShape,
    [
      full(a, shape[dims], inner),
      full(b, inner, shape[dims + 1]),
      output.strides,
      ...extra.map((x) => broadcastStrides(x.shape, x.strides, shape)),
    ],
    shape[dims],
  );
  launch(stream, [a, b, output, ...extra], folded, { k: inner, n: shape[dims + 1], dtype, epilogue });
}

/** What is left of batches, and the strides of all operands: of a, b, the output and the epilogue's inputs. */
interface Folded {
  readonly batchShape: Shape;
  readonly rows: number;
  readonly strides: readonly (readonly number[])[];
}

/** Batches that share b and whose rows follow on from one to the next are one taller matrix. */
function foldBatches(batchShape: Shape, strides: readonly (readonly number[])[], rows: number): Folded {
  const shape = [...batchShape];
  let all = strides.map((own) => [...own]);
  let m = rows;
  while (shape.length > 0) {
    const d = shape.length - 1;
    const size = shape[d];
    const follows = all.every((own, which) =>
      which === 1 ? own[d] === 0 : m === 1 || own[d] === own[d + 1] * m,
    );
    if (size !== 1 && !follows) break;
    // The one row of a matrix may have any stride: then the batch's takes its place.
    if (size !== 1) {
      if (m === 1) for (const [which, own] of all.entries()) if (which !== 1) own[d + 1] = own[d];
      m *= size;
    }
    shape.pop();
    all = all.map((own) => own.toSpliced(d, 1));
  }
  return { batchShape: shape, rows: m, strides: all };
}

interface Inner {
  readonly k: number;
  readonly n: number;
  readonly dtype: Strided["dtype"];
  readonly epilogue: Epilogue | undefined;
}

function launch(stream: Stream, operands: readonly Strided[], folded: Folded, inner: Inner): void {
  const { k, dtype, epilogue } = inner;
  const { batchShape, strides: all } = folded;
  const dims = batchShape.length;
  const batches = numel(batchShape);
  const { buffers, slots } = bind(operands);
  const isInPlace = slots.slice(3).includes(slots[2]);
  const keepsSums = dtype === "float32" && !isInPlace;
  // The transposed product's operands are the transposed ones, exchanged.
  const { plan, isTurned } = planFor(stream, {
    m: folded.rows,
    n: inner.n,
    k,
    batches,
    keepsSums,
    isLong: dtype === "int64",
  });
  const [m, n] = isTurned ? [inner.n, folded.rows] : [folded.rows, inner.n];
  const [down, right] = isTurned ? [dims + 1, dims] : [dims, dims + 1];
  const [first, second] = isTurned ? [1, 0] : [0, 1];
  const [tall, wide] = coverOf(plan);
  const [tilesDown, tilesRight] = [Math.ceil(m / tall), Math.ceil(n / wide)];
  const groups = tilesDown * tilesRight * batches;
  const types = typesOf(buffers);
  const walk = walkOf(
    batchShape,
    all.map((own) => own.slice(0, dims)),
  );
  const rank = walk.sizes.length;
  const [ai, ak] = [all[first][down], all[first][right]];
  const [bk, bj] = [all[second][down], all[second][right]];
  const words = [m, n, k, ai, ak, bk, bj, tilesDown, tilesRight, groups, tall];
  // From here on in the operands' own order.
  const offsetsFrom = words.push(...operands.map(({ offset }) => offset)) - operands.length;
  const placesFrom =
    words.push(...all.slice(2).flatMap((own) => [own[down], own[right]])) - 2 * (operands.length - 2);
  const paramsFrom = words.length;
  words.push(...paramWords(epilogue?.params ?? [], dtype));
  const walkFrom = words.push(...walkWords(walk)) - rank * (operands.length + 1);
  const isRagged = k % plan.depth !== 0;
  const isWhole = k <= plan.depth;
  const isUneven = n % wide !== 0;
  const aByRows = ai === 1;
  const bByColumns = bj === 1;
  const code = (): string => {
    const helpers = new Helpers();
    const kind = wideDType(dtype);
    const binary = (fn: BinaryFn, x: string, y: string): string =>
      binaryCode(fn, kind, x, y, helpers) as string;
    const starts = operands.map((_, i) => `start${i}`);
    const place = (i: number): string => `line${i} + across${i}`;
    // Read once: a loop that stores would read them again and again.
    const named: [string, number][] = [
      ["m", 0],
      ["n", 1],
      ["inner", 2],
      ["ai", 3],
      ["ak", 4],
      ["bk", 5],
      ["bj", 6],
      ...operands.slice(2).flatMap((_, i): [string, number][] => [
        [`down${i + 2}`, placesFrom + 2 * i],
        [`right${i + 2}`, placesFrom + 2 * i + 1],
      ]),
    ];
    const product = stored(kind, dtype, "sum", helpers);
    let put = `b${slots[2]}[${place(2)}] = ${product};`;
    if (epilogue !== undefined) {
      const values = epilogue.inputs.map((x, i) =>
        loaded(x.dtype, dtype, `b${slots[3 + i]}[${place(3 + i)}]`, helpers),
      );
      const names = ["x0", ...values.map((_, i) => `x${i + 1}`)];
      const params = paramValues(paramsFrom, epilogue.params.length, dtype);
      const { statements, results } = wgslOf([epilogue.kernel.outputs[0]], dtype, names, params, helpers);
      put = `let x0 = ${loaded(dtype, dtype, product, helpers)};
      ${values.map((value, i) => `let x${i + 1} = ${value};`).join("\n")}
      ${statements}
      b${slots[2]}[${place(2)}] = ${stored(dtype, dtype, results[0], helpers)};`;
    }
    const element =
      (which: number) =>
      (at: string): string =>
        loaded(operands[which].dtype, kind, `b${slots[which]}[${at}]`, helpers);
    const main = productCode({
      plan,
      type: valueType(kind),
      times: (x, y, sum) =>
        isFloat(kind) ? `fma(${x}, ${y}, ${sum})` : binary("add", `(${binary("mul", x, y)})`, sum),
      a: element(first),
      b: element(second),
      m: "m",
      n: "n",
      k: "inner",
      ai: "ai",
      ak: "ak",
      bk: "bk",
      bj: "bj",
      down: word(7),
      right: word(8),
      groups: word(9),
      tall: word(10),
      begin: `${named.map(([name, at]) => `let ${name} = ${word(at)};`).join("\n")}
  ${starts.map((name, i) => `var ${name} = ${word(offsetsFrom + i)};`).join("\n")}
  ${walkCode(walkFrom, rank, starts, "batch")}
  let ao = start${first};
  let bo = start${second};`,
      places: operands.slice(2).map((_, i) => `${i + 2}`),
      put,
      kept: `b${slots[2]}[${place(2)}]`,
      isInPlace,
      isRagged,
      isWhole,
      isUneven,
      aByRows,
      bByColumns,
    });
    const isInFours = plan.kind === "broadcast" || plan.kind === "streamed";
    const features = isInFours ? ["subgroups"] : [];
    return `${declarations(types, words.length, { features })}${helpers.code}${main}`;
  };
  const how = plan.kind === "shared" ? `${aByRows} ${bByColumns}` : `${isRagged} ${isWhole} ${isUneven}`;
  const dtypes = operands.map((x) => x.dtype);
  const which = epilogue === undefined ? "" : epilogue.kernel.id;
  stream.launch({
    key: `matmul ${plan.kind} ${plan.kind === "streamed" ? "" : plan.rows} ${plan.columns} ${plan.depth} ${how} ${isTurned} ${dtypes} ${slots} ${rank} ${which}`,
    buffers,
    uniforms: words,
    workgroups: grid(groups),
    code,
  });
}
