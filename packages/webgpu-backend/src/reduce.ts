import {
  broadcastStrides,
  type Combine,
  type DType,
  type Expr,
  numel,
  type ReduceKernel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { bind, grid } from "./dispatch.ts";
import { converted, loaded, stored, wideDType } from "./expr/convert.ts";
import { paramValues } from "./expr/head.ts";
import { Helpers } from "./expr/helpers.ts";
import { wgslOf } from "./expr/lowering.ts";
import { paramWords } from "./params.ts";
import { GROUP_SIZE, isArg, reduceCode } from "./reduce-code.ts";
import { sharersOf, softwareOf } from "./software.ts";
import type { GpuStorage } from "./storage.ts";
import type { Stream } from "./stream.ts";
import { declarations, scratch, typesOf, type Walk, walkCode, walkOf, walkWords, word } from "./strided.ts";

/** Rows up to this long, and columns up to `TALL` where there are many, are joined by one invocation each. */
const SHORT = 64;
const TALL = 4096;
const MANY = 2048;
/** That are many where a GPU's work is done by a CPU. */
const FEW = 8;
/** Elements for one of the invocations that share an output; where there are more, several workgroups share it. */
const EACH = 1024;
const MOST_SEGMENTS = 1024;

/** A reduction and where its elements are. */
interface Task {
  readonly kernel: ReduceKernel;
  readonly compute: DType;
  readonly inputs: readonly Strided[];
  readonly params: readonly number[];
  readonly output: Strided;
  readonly outputs: number;
  readonly elements: number;
  /** Over the outputs: the inputs, then the output. */
  readonly kept: Walk;
  /** Over what one output joins: the inputs. */
  readonly reduced: Walk;
}

/**
 * See `Backend.reduce`. Small ones take an invocation for each output, others a workgroup, and where a few outputs join
 * very many elements, several workgroups, whose results a second launch joins.
 */
export function reduce(
  stream: Stream,
  kernel: ReduceKernel,
  compute: DType,
  shape: Shape,
  inputs: readonly Strided[],
  params: readonly (number | bigint)[],
  output: Strided,
): void {
  bind([...inputs, output]);
  const outputs = numel(output.shape);
  if (outputs === 0) return;
  const elements = numel(shape) / outputs;
  const strides = inputs.map((x) => broadcastStrides(x.shape, x.strides, shape));
  const reducedShape = shape.map((size, d) => (output.shape[d] === 1 ? size : 1));
  const task: Task = {
    kernel,
    compute,
    inputs,
    params: paramWords(params, compute),
    output,
    outputs,
    elements,
    kept: walkOf(output.shape, [...strides, output.strides]),
    reduced: walkOf(reducedShape, strides),
  };
  const many = softwareOf(stream) === "gpu" ? MANY : FEW;
  const isAlone = elements <= SHORT || (outputs >= many && elements <= TALL);
  const sharers = isAlone ? 1 : sharersOf(stream);
  const wanted = Math.ceil(elements / (sharers * EACH));
  const segments = isAlone || outputs >= MANY ? 1 : Math.min(wanted, MOST_SEGMENTS);
  if (segments === 1) {
    first(stream, task, sharers, 1, null);
    return;
  }
  const arg = isArg(kernel.combine);
  const parts = scratch(output, wideDType(compute), outputs * segments);
  const places = arg ? scratch(output, "int32", outputs * segments) : null;
  const between = places === null ? [parts] : [parts, places];
  first(stream, task, sharers, segments, between);
  second(stream, task, sharers, segments, between);
  for (const storage of between) storage.backend.release(storage);
}

/** Joins the inputs' elements: to the end, or as far as `parts`. */
function first(
  stream: Stream,
  task: Task,
  sharers: number,
  segments: number,
  parts: readonly GpuStorage[] | null,
): void {
  const { kernel, compute, inputs, params, output, outputs, elements, kept, reduced } = task;
  const target = parts === null ? [output] : parts.map(asStrided);
  const { buffers, slots } = bind([...inputs, ...target]);
  const types = typesOf(buffers);
  const { combine } = kernel;
  const offsets = inputs.map(({ offset }) => offset);
  const words = [outputs, segments, elements, output.offset, ...offsets, ...params];
  const keptFrom = words.push(...walkWords(kept)) - kept.sizes.length * (kept.strides.length + 1);
  const reducedFrom = words.push(...walkWords(reduced)) - reduced.sizes.length * (reduced.strides.length + 1);
  const count = inputs.length;
  const isFinal = parts === null;
  const dtypes = [...inputs, ...target].map(({ dtype }) => dtype);
  const code = (): string => {
    const helpers = new Helpers();
    const here = inputs.map((_, i) => `at${i}`);
    const starts = inputs.map((_, i) => `start${i}`);
    const values = inputs.map((_, i) => `x${i}`);
    const given = paramNames(4 + count, task);
    const prepared = wgslOf([kernel.prepare], compute, values, given, helpers, "p");
    const load = [
      ...here.map((name, i) => `var ${name} = start${i};`),
      walkCode(reducedFrom, reduced.sizes.length, here, "k"),
      ...inputs.map((x, i) => `let x${i} = ${loaded(x.dtype, compute, `b${slots[i]}[at${i}]`, helpers)};`),
      prepared.statements,
      `let value = ${prepared.results[0]};`,
      isArg(combine) ? "let position = k;" : "",
    ];
    const begin = [
      ...starts.map((name, i) => `var ${name} = ${word(4 + i)};`),
      `var to = ${word(3)};`,
      walkCode(keptFrom, kept.sizes.length, [...starts, "to"], "at"),
    ];
    return reduceCode({
      combine,
      compute,
      sharers,
      outputs: word(0),
      segments: word(1),
      elements: word(2),
      begin: begin.join("\n"),
      load: load.join("\n"),
      store: isFinal ? finish(task, slots[count], given, helpers) : keep(combine, slots.slice(count)),
      head: declarations(types, words.length),
      helpers,
    });
  };
  stream.launch({
    key: `reduce ${kernel.id} ${compute} ${dtypes} ${slots} ${kept.sizes.length} ${reduced.sizes.length} ${sharers} ${isFinal}`,
    buffers,
    uniforms: words,
    workgroups: grid(sharers > 1 ? outputs * segments : Math.ceil(outputs / GROUP_SIZE)),
    code,
  });
}

/** Joins what several workgroups have of each output. */
function second(
  stream: Stream,
  task: Task,
  sharers: number,
  segments: number,
  parts: readonly GpuStorage[],
): void {
  const { kernel, compute, params, output, outputs, kept } = task;
  const { combine } = kernel;
  const { buffers, slots } = bind([...parts.map(asStrided), output]);
  const types = typesOf(buffers);
  const own = { sizes: kept.sizes, strides: kept.strides.slice(-1) };
  const walkFrom = 4 + params.length;
  const words = [outputs, 1, segments, output.offset, ...params, ...walkWords(own)];
  const code = (): string => {
    const helpers = new Helpers();
    const place = isArg(combine) ? `let position = bitcast<u32>(b${slots[1]}[at * ${word(2)} + k]);` : "";
    return reduceCode({
      combine,
      compute,
      sharers,
      outputs: word(0),
      segments: word(1),
      elements: word(2),
      begin: `var to = ${word(3)};\n${walkCode(walkFrom, own.sizes.length, ["to"], "at")}`,
      load: `let value = b${slots[0]}[at * ${word(2)} + k];\n${place}`,
      store: finish(task, slots[parts.length], paramNames(4, task), helpers),
      head: declarations(types, words.length),
      helpers,
    });
  };
  stream.launch({
    key: `reduce rest ${sharers} ${kernel.id} ${compute} ${output.dtype} ${own.sizes.length}`,
    buffers,
    uniforms: words,
    workgroups: grid(outputs),
    code,
  });
}

/** Statements that store a part's result. */
function keep(combine: Combine, slots: readonly number[]): string {
  const at = `[at * ${word(1)} + part]`;
  if (!isArg(combine)) return `b${slots[0]}${at} = total;`;
  return `b${slots[0]}${at} = total.value; b${slots[1]}${at} = bitcast<i32>(total.position);`;
}

/** Statements that store an output. */
function finish({ kernel, compute, output }: Task, slot: number, params: string[], helpers: Helpers): string {
  const target = `b${slot}[to]`;
  if (isArg(kernel.combine)) {
    return `${target} = ${stored("int32", output.dtype, "i32(total.position)", helpers)};`;
  }
  // Narrow integers are joined in 32 bits, and wrap when `finish` computes with them or when they are stored.
  const joined = wideDType(compute);
  if (isPlain(kernel.finish)) return `${target} = ${stored(joined, output.dtype, "total", helpers)};`;
  const { statements, results } = wgslOf([kernel.finish], compute, ["whole"], params, helpers, "f");
  return `let whole = ${converted("total", joined, compute, helpers)};
${statements}
${target} = ${stored(compute, output.dtype, results[0], helpers)};`;
}

function isPlain(expr: Expr): boolean {
  return expr.kind === "input" && expr.index === 0;
}

function paramNames(from: number, { kernel, compute }: Task): string[] {
  return paramValues(from, kernel.params, compute);
}

function asStrided(storage: GpuStorage): Strided {
  return { storage, dtype: storage.dtype, shape: [storage.length], strides: [1], offset: 0 };
}
