/** Options of `exportOnnx`, and what they say of inputs and outputs. */
import { ArgumentError, quote } from "@flambeau/backend";
import { checkOptions, inputNames as namesOfInputs, type OpenDims, type Traceable } from "@flambeau/graph";

/** The opsets that models are written for. */
export const OPSETS = { from: 17, to: 23 } as const;

/** Open dimensions of one input: their names by dimension, or dimensions whose names are made. */
export type DynamicAxes = OpenDims | readonly number[];

/** Options of {@link exportOnnx}. */
export interface OnnxOptions {
  /** The version of ONNX's operations, 17 to 23. Default 17. */
  readonly opset?: number;
  /**
   * Which dimensions are open: for each input in order, `[{ 0: "batch", 1: "time" }]`, or by the inputs' names, `{ x: { 0: "batch" } }`.
   * Dimensions of one name have one size. Those of outputs follow, so that they may be given and count for nothing. Default: none.
   */
  readonly dynamicAxes?: readonly (OpenDims | undefined)[] | Readonly<Record<string, DynamicAxes>>;
  /** Names of the inputs. Default: those of the parameters of `forward`. */
  readonly inputNames?: readonly string[];
  /** Names of the outputs. Default: `output`, or `output0`, `output1`, ..., or the keys of an object. */
  readonly outputNames?: readonly string[];
}

/** Their names. */
export const OPTIONS: readonly (keyof OnnxOptions)[] = ["opset", "dynamicAxes", "inputNames", "outputNames"];

/** Options as they are used. */
export interface Plan {
  readonly opset: number;
  readonly axes: readonly (OpenDims | undefined)[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[] | undefined;
}

/** @throws ArgumentError when an option is none. */
export function planOf(model: Traceable, inputs: readonly unknown[], options: OnnxOptions): Plan {
  checkOptions("exportOnnx", OPTIONS, options);
  const { opset = OPSETS.from, dynamicAxes = [], outputNames } = options;
  if (!Number.isInteger(opset) || opset < OPSETS.from || opset > OPSETS.to)
    throw new ArgumentError(
      `exportOnnx: opset is an integer from ${OPSETS.from} to ${OPSETS.to}; got ${quote(opset)}`,
    );
  const own = namesOfInputs(model, inputs);
  const names = options.inputNames ?? own;
  checkNames("inputNames", names);
  if (names.length !== own.length)
    throw new ArgumentError(
      `exportOnnx: inputNames has ${names.length} names; there are ${own.length} input tensors`,
    );
  if (outputNames !== undefined) checkNames("outputNames", outputNames);
  return { opset, axes: axesOf(dynamicAxes, names, own, outputNames ?? []), inputNames: names, outputNames };
}

function checkNames(what: string, names: readonly string[]): void {
  const isList = Array.isArray(names) && names.every((name) => typeof name === "string" && name !== "");
  if (!isList || new Set(names).size !== names.length)
    throw new ArgumentError(
      `exportOnnx: ${what} is an array of different texts that are not empty; got ${quote(names)}`,
    );
}

function axesOf(
  given: NonNullable<OnnxOptions["dynamicAxes"]>,
  names: readonly string[],
  own: readonly string[],
  outputs: readonly string[],
): (OpenDims | undefined)[] {
  if (typeof given !== "object" || given === null)
    throw new ArgumentError(
      `exportOnnx: dynamicAxes is an array of { dimension: name }, or an object of them by input; got ${quote(given)}`,
    );
  if (Array.isArray(given)) return given.map((dims, i) => openDims(dims, names[i] ?? `input${i}`));
  const axes: (OpenDims | undefined)[] = names.map(() => undefined);
  for (const [name, dims] of Object.entries(given as Readonly<Record<string, DynamicAxes>>)) {
    const at = names.includes(name) ? names.indexOf(name) : own.indexOf(name);
    if (at >= 0) axes[at] = openDims(dims, name);
    else if (!outputs.includes(name))
      throw new ArgumentError(
        `exportOnnx: dynamicAxes names ${quote(name)}; the inputs are ${names.map(quote).join(", ")}`,
      );
  }
  return axes;
}

function openDims(dims: DynamicAxes | undefined, name: string): OpenDims | undefined {
  if (dims === undefined) return undefined;
  if (typeof dims !== "object" || dims === null)
    throw new ArgumentError(
      `exportOnnx: dynamicAxes of ${quote(name)} is { dimension: name }; got ${quote(dims)}`,
    );
  if (Array.isArray(dims)) return Object.fromEntries(dims.map((d) => [d, `${name}_axis_${d}`]));
  for (const axis of Object.values(dims))
    if (typeof axis !== "string" || axis === "")
      throw new ArgumentError(
        `exportOnnx: dynamicAxes of ${quote(name)} names its dimensions by texts; got ${quote(axis)}`,
      );
  return dims as OpenDims;
}
