import { isFloat, numel, type Strided, type Windows } from "@flambeau/backend";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { LONG, loaded, stored } from "./expr/convert.ts";
import { Helpers } from "./expr/helpers.ts";
import type { Stream } from "./stream.ts";
import { declarations, typesOf, word } from "./strided.ts";

const GROUP_SIZE = 64;

/** The names that the kernels below give to the uniforms of `geometry`, in order. */
const GEOMETRY = [
  "height",
  "width",
  "kernelHeight",
  "kernelWidth",
  "strideDown",
  "strideRight",
  "paddingTop",
  "paddingLeft",
  "dilationDown",
  "dilationRight",
  "positionsDown",
  "positionsRight",
] as const;

function geometry(
  plane: Strided,
  { kernel, stride, padding, dilation }: Windows,
  positions: Strided,
): number[] {
  return [
    ...plane.shape.slice(2),
    ...kernel,
    ...stride,
    ...padding,
    ...dilation,
    ...positions.shape.slice(-2),
  ];
}

/** A kernel that runs once for each element of `outputs[0]`; words of uniforms come by name. */
function launch(
  stream: Stream,
  name: string,
  operands: readonly Strided[],
  geometryWords: readonly number[],
  elements: readonly number[],
  body: (
    slots: readonly number[],
    place: (operand: number, index: readonly string[]) => string,
  ) => {
    readonly text: string;
    readonly helpers?: Helpers;
  },
): void {
  const { buffers, slots } = bind(operands);
  const n = numel(elements);
  if (n === 0) return;
  const types = typesOf(buffers);
  const words = [n, ...geometryWords, ...elements];
  const offsets = operands.map(({ offset, strides }) => words.push(offset, ...strides) - strides.length - 1);
  stream.launch({
    key: `${name} ${operands[0].dtype} ${slots}`,
    buffers,
    uniforms: words,
    workgroups: grid(Math.ceil(n / GROUP_SIZE)),
    code: () => {
      const place = (operand: number, index: readonly string[]): string =>
        [
          word(offsets[operand]),
          ...index.map((i, d) => `u32(${i}) * ${word(offsets[operand] + 1 + d)}`),
        ].join(" + ");
      const coordinates = elements.map((_, d) => `c${d}`);
      const { text, helpers } = body(slots, place);
      const sizesFrom = 1 + GEOMETRY.length;
      return `${declarations(types, words.length)}${helpers?.code ?? ""}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let number = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (number >= ${word(0)}) { return; }
${GEOMETRY.map((name, i) => `  let ${name} = i32(${word(1 + i)});`).join("\n")}
  var rest = number;
${coordinates
  .map(
    (name, d) => `  let ${name} = i32(rest % ${word(sizesFrom + d)}); rest = rest / ${word(sizesFrom + d)};`,
  )
  .reverse()
  .join("\n")}
${text}
}
`;
    },
  });
}

/** See `Backend.unfold`: an invocation for each element of the output. */
export function unfold(stream: Stream, input: Strided, windows: Windows, output: Strided): void {
  const words = geometry(input, windows, output);
  launch(stream, "unfold", [input, output], words, output.shape, (slots, place) => ({
    text: `
  let row = c4 * strideDown + c2 * dilationDown - paddingTop;
  let column = c5 * strideRight + c3 * dilationRight - paddingLeft;
  let to = ${place(1, ["c0", "c1", "c2", "c3", "c4", "c5"])};
  if (row >= 0 && row < height && column >= 0 && column < width) {
    b${slots[1]}[to] = b${slots[0]}[${place(0, ["c0", "c1", "row", "column"])}];
  } else {
    b${slots[1]}[to] = ${output.dtype === "int64" ? `${LONG}()` : "0"};
  }`,
  }));
}

/** See `Backend.fold`: an invocation for each element of the planes, which adds up what lies over it, in a fixed order. */
export function fold(stream: Stream, input: Strided, windows: Windows, output: Strided): void {
  const words = geometry(output, windows, input);
  const { dtype } = output;
  launch(stream, "fold", [input, output], words, output.shape, (slots, place) => {
    const helpers = new Helpers();
    const value = loaded(
      dtype,
      dtype,
      `b${slots[0]}[${place(0, ["c0", "c1", "p", "q", "i", "j"])}]`,
      helpers,
    );
    const text = `
  var total = ${dtype === "int64" ? `${LONG}()` : isFloat(dtype) ? "0f" : "0i"};
  for (var p = 0; p < kernelHeight; p++) {
    let down = c2 + paddingTop - p * dilationDown;
    let i = down / strideDown;
    if (down < 0 || i * strideDown != down || i >= positionsDown) { continue; }
    for (var q = 0; q < kernelWidth; q++) {
      let right = c3 + paddingLeft - q * dilationRight;
      let j = right / strideRight;
      if (right < 0 || j * strideRight != right || j >= positionsRight) { continue; }
      total = ${dtype === "int64" ? helpers.call("longAdd", "total", value) : `total + ${value}`};
    }
  }
  b${slots[1]}[${place(1, ["c0", "c1", "c2", "c3"])}] = ${stored(dtype, dtype, "total", helpers)};`;
    return { text, helpers };
  });
}

/** See `Backend.maxPool`: an invocation for each window. */
export function maxPool(
  stream: Stream,
  input: Strided,
  windows: Windows,
  output: Strided,
  indices: Strided,
): void {
  const words = geometry(input, windows, output);
  const { dtype } = input;
  launch(stream, "maxPool", [input, output, indices], words, output.shape, (slots, place) => {
    const helpers = new Helpers();
    const value = loaded(dtype, dtype, `b${slots[0]}[${place(0, ["c0", "c1", "row", "column"])}]`, helpers);
    const isNan = isFloat(dtype) ? helpers.call("isNan", "value") : "false";
    // A window of nothing but padding, which callers avoid, still names an element of the plane.
    const text = `
  let top = c2 * strideDown - paddingTop;
  let left = c3 * strideRight - paddingLeft;
  let firstRow = clamp(top + min((max(0, -top) + dilationDown - 1) / dilationDown, kernelHeight) * dilationDown, 0, height - 1);
  let firstColumn = clamp(left + min((max(0, -left) + dilationRight - 1) / dilationRight, kernelWidth) * dilationRight, 0, width - 1);
  var best = ${isFloat(dtype) ? helpers.call("fromBits", "0xff800000u") : "-2147483647 - 1"};
  var found = firstRow * width + firstColumn;
  for (var p = 0; p < kernelHeight; p++) {
    let row = top + p * dilationDown;
    if (row < 0 || row >= height) { continue; }
    for (var q = 0; q < kernelWidth; q++) {
      let column = left + q * dilationRight;
      if (column < 0 || column >= width) { continue; }
      let value = ${value};
      if (value > best || ${isNan}) {
        best = value;
        found = row * width + column;
      }
    }
  }
  b${slots[1]}[${place(1, ["c0", "c1", "c2", "c3"])}] = ${stored(dtype, dtype, "best", helpers)};
  b${slots[2]}[${place(2, ["c0", "c1", "c2", "c3"])}] = found;`;
    return { text, helpers };
  });
}
