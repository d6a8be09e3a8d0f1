import { E, input, type LabelRows, numel, type Strided } from "@flambeau/backend";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { LONG, loaded, stored } from "./expr/convert.ts";
import { Helpers } from "./expr/helpers.ts";
import { wgslOf } from "./expr/lowering.ts";
import { checkIndex, outOfRange, placeOf } from "./index-code.ts";
import { longWords } from "./params.ts";
import type { Stream } from "./stream.ts";
import { declarations, REPORT, typesOf, walkCode, walkOf, walkWords, word } from "./strided.ts";

/** Classes that one invocation goes through; where there are more, the kernels that share rows are better. */
const MOST_CLASSES = 4096;
const GROUP_SIZE = 64;

const exponential = E.exp(E.sub(input(0), input(1)));
/** Of the exponentials' sum, the label's logit and the largest. */
const loss = E.sub(E.log(input(0)), E.sub(input(1), input(2)));
/** Of an exponential, their sum, one for the label, the gradient and what losses are divided by. */
const gradient = E.mul(E.sub(E.div(input(0), input(1)), input(2)), E.div(input(3), input(4)));

/** Whether kernels of a row per invocation can take them, and are the better ones. */
function suits({ dim, ignored, exps }: LabelRows): boolean {
  return exps.shape[dim] <= MOST_CLASSES && numel(exps.shape) > 0 && Number.isSafeInteger(ignored);
}

/** A launch with an invocation for each row. */
function eachRow(
  stream: Stream,
  name: string,
  operands: readonly Strided[],
  { dim, index, ignored, exps }: LabelRows,
  reports: boolean,
  body: (at: (p: number, c: string) => string, helpers: Helpers) => string,
): void {
  const { buffers, slots } = bind(operands);
  const rows = numel(index.shape);
  const walk = walkOf(
    index.shape,
    operands.map(({ shape, strides }) => strides.map((stride, d) => (shape[d] === 1 ? 0 : stride))),
  );
  const rank = walk.sizes.length;
  const types = typesOf(buffers);
  const words = [rows, exps.shape[dim], ...longWords(ignored), outOfRange(stream, index.shape)];
  const offsetsFrom = words.push(...operands.map(({ offset }) => offset)) - operands.length;
  for (const { shape, strides } of operands) words.push(shape[dim] === 1 ? 0 : (strides[dim] ?? 0));
  const walkFrom = words.push(...walkWords(walk)) - rank * (operands.length + 1);
  stream.launch({
    key: `${name} ${operands.map(({ dtype }) => dtype)} ${slots} ${rank}`,
    buffers,
    uniforms: words,
    errors: reports,
    workgroups: grid(Math.ceil(rows / GROUP_SIZE)),
    code: () => {
      const helpers = new Helpers();
      const starts = operands.map((_, p) => `at${p}`);
      const at = (p: number, c: string): string =>
        `b${slots[p]}[at${p} + ${c} * ${word(offsetsFrom + operands.length + p)}]`;
      const label = loaded(index.dtype, "int64", at(1, "0u"), helpers);
      const text = body(at, helpers);
      return `${declarations(types, words.length, { errors: reports })}${helpers.code}${reports ? REPORT : ""}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i >= ${word(0)}) { return; }
  let classes = ${word(1)};
  ${starts.map((start, p) => `var ${start} = ${word(offsetsFrom + p)};`).join("\n")}
  ${walkCode(walkFrom, rank, starts, "i")}
  let label = ${label};
  let isIgnored = all(label == ${LONG}(${word(2)}, ${word(3)}));
  ${text}
}
`;
    },
  });
}

/** See `FusedKernels.labelLosses`. */
export function labelLosses(stream: Stream, x: Strided, rows: LabelRows, losses: Strided): boolean {
  if (!suits(rows)) return false;
  const operands = [x, rows.index, rows.exps, rows.sums, losses];
  eachRow(stream, "labelLosses", operands, rows, true, (at, helpers) => {
    const value = (c: string): string => loaded(x.dtype, "float32", at(0, c), helpers);
    const exp = wgslOf([exponential], "float32", ["value", "top"], [], helpers, "e");
    const out = wgslOf([loss], "float32", ["sum", "named", "top"], [], helpers, "l");
    const put = (p: number, c: string, result: string): string =>
      `${at(p, c)} = ${stored("float32", operands[p].dtype, result, helpers)};`;
    return `var top = ${value("0u")};
  for (var c = 1u; c < classes; c++) { top = ${helpers.call("floatMax", "top", value("c"))}; }
  var sum = 0.0;
  for (var c = 0u; c < classes; c++) {
    let value = ${value("c")};
    ${exp.statements}
    ${put(2, "c", exp.results[0])}
    sum += ${exp.results[0]};
  }
  ${put(3, "0u", "sum")}
  var row = 0.0;
  if (!isIgnored) {
    ${checkIndex("int64", "label", "classes", word(4))} else {
      let named = ${value(placeOf("int64", "label"))};
      ${out.statements}
      row = ${out.results[0]};
    }
  }
  ${put(4, "0u", "row")}`;
  });
  return true;
}

/** See `FusedKernels.labelGradient`. */
export function labelGradient(
  stream: Stream,
  g: Strided,
  rows: LabelRows,
  divisor: Strided,
  output: Strided,
): boolean {
  if (!suits(rows)) return false;
  const { index, exps, sums } = rows;
  // One number for all rows.
  const everywhere = ({ storage, dtype, offset }: Strided): Strided => ({
    ...{ storage, dtype, offset },
    shape: index.shape.map(() => 1),
    strides: index.shape.map(() => 0),
  });
  const operands = [exps, index, sums, everywhere(g), everywhere(divisor), output];
  eachRow(stream, "labelGradient", operands, rows, false, (at, helpers) => {
    const read = (p: number, c: string): string => loaded(operands[p].dtype, "float32", at(p, c), helpers);
    const names = ["value", "sum", "isNamed", "g", "divisor"];
    const { statements, results } = wgslOf([gradient], "float32", names, [], helpers, "d");
    return `let sum = ${read(2, "0u")};
  let g = ${read(3, "0u")};
  let divisor = ${read(4, "0u")};
  for (var c = 0u; c < classes; c++) {
    let value = ${read(0, "c")};
    let isNamed = select(0.0, 1.0, all(label == ${LONG}(c, 0u)));
    ${statements}
    let result = select(${results[0]}, 0.0, isIgnored);
    ${at(5, "c")} = ${stored("float32", output.dtype, "result", helpers)};
  }`;
  });
  return true;
}
