/** Calls of every operation that PyTorch's records have, as functions of Python. */
import { type Argument, trace } from "@flambeau/graph";
import { Tensor } from "@flambeau/tensor";
import { reasonApart } from "../../../../tests/src/records/apart.ts";
import { formsOf, opCases, pool } from "../../../../tests/src/records/ops.ts";
import { Arguments } from "../../../../tests/src/records/record.ts";
import { stepsOf } from "../../src/code/body/steps.ts";
import { writeBody } from "../../src/code/body/write.ts";
import { Helpers, helperLines } from "../../src/code/helpers.ts";
import { indented } from "../../src/code/python/layout.ts";
import { bodyLines } from "../../src/code/render.ts";

/** A call as a function, with what it was given. */
export interface Operation {
  readonly name: string;
  /** The lines of its body, or why there are none. */
  readonly source: string;
  readonly error: string | undefined;
  readonly inputs: readonly Tensor[];
  readonly run: () => unknown;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  return isPlain(value) ? Object.values(value).flatMap(tensorsIn) : [];
}

function withTensors(value: unknown, tensors: Tensor[]): unknown {
  if (value instanceof Tensor) return tensors.shift();
  if (Array.isArray(value)) return value.map((part) => withTensors(part, tensors));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTensors(part, tensors)]));
}

/** The functions that they need beside PyTorch's. */
export function prelude(): string[] {
  const helpers = new Helpers();
  for (const name of ["scaled_dot_product_attention", "rms_norm", "channel_shuffle"]) helpers.need(name);
  return helperLines(helpers).flatMap((lines) => ["", "", ...lines]);
}

/** All calls that give tensors; of those that are written alike the first. */
export function operations(): Operation[] {
  const found = new Map<string, Operation>();
  for (const one of opCases) {
    if (one.raises !== undefined || one.value !== undefined || reasonApart(one) !== undefined) continue;
    for (const form of formsOf(one)) {
      const args = new Arguments(pool, { float: "float32", layout: "contiguous" }).read(
        one.args,
      ) as unknown[];
      const inputs = tensorsIn(args).map((x) => x.detach());
      if (inputs.length === 0) continue;
      const f = (...tensors: Tensor[]): unknown => form.call(...(withTensors(args, [...tensors]) as never[]));
      let source = "";
      let error: string | undefined;
      try {
        source = sourceOf(f, inputs);
      } catch (thrown) {
        error = String(thrown);
      }
      const dtypes = inputs.map(({ dtype }) => dtype).join();
      const key = `${form.name} ${source} ${error ?? ""} ${dtypes}`;
      if (!found.has(key))
        found.set(key, { name: form.name, source, error, inputs, run: () => f(...inputs) });
    }
  }
  return [...found.values()];
}

/** The body of a function of Python that does what `f` does. */
export function sourceOf(f: (...x: Tensor[]) => unknown, inputs: readonly Tensor[]): string {
  const graph = trace(f as never, [...inputs]);
  const names = inputs.map((_, i) => `x${i}`);
  const steps = stepsOf(graph.calls, {
    moduleOf: () => {
      throw new Error("no module");
    },
    isOwn: () => false,
    helper: (name) => `_${name}`,
  });
  const written = writeBody({
    parameters: graph.inputs.map((pattern, i) => ({ name: names[i], pattern, isNamed: false })),
    steps,
    output: graph.output as Argument,
    fieldOf: () => undefined,
    rows: [],
    detached: new Map(),
    detachedOutputs: new Set(),
  });
  return indented(bodyLines(written, 1)).join("\n");
}
