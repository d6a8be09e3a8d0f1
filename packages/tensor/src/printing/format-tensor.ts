import { type DType, numel } from "@flambeau/backend";
import { getDefaultDType } from "../defaults.ts";
import { chooseFormat, type PrintValue } from "./formatter.ts";
import { layOut, readShown, shownIndices } from "./layout.ts";
import { getPrintOptions, type PrintSettings } from "./options.ts";

/** What the text of a tensor is made from. */
export interface PrintSource {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly requiresGrad: boolean;
  /** The name of the operation that made the tensor ("AddBackward0"), or null. */
  readonly gradFn: string | null;
  /** "cpu" is not shown. */
  readonly device: string;
  /** An element by its row-major index. Asked once for each element that is shown, and for no other. */
  at(flatIndex: number): PrintValue;
}

const PREFIX = "tensor(";

/** PyTorch's text says `dtype=torch.float64`; ours leaves this out, but breaks lines where PyTorch's does. */
const DTYPE_PREFIX = "torch.";

/** What follows the elements, and the width at which PyTorch counts it. */
interface Suffix {
  readonly text: string;
  readonly width: number;
}

/**
 * The text of a tensor, digit for digit and break for break as PyTorch 1.13 prints it (torch/_tensor_str.py), with dtypes
 * named without their `torch.` prefix.
 *
 * @param settings those in force, if no others are given.
 */
export function formatTensor(source: PrintSource, settings: PrintSettings = getPrintOptions()): string {
  return addSuffixes(PREFIX + formatElements(source, settings), suffixesOf(source), settings.linewidth);
}

function formatElements(source: PrintSource, settings: PrintSettings): string {
  const { shape, dtype } = source;
  const count = numel(shape);
  if (count === 0) return "[]";
  const shown = shownIndices(shape, count > settings.threshold, settings.edgeitems);
  const values = readShown(shape, shown, (flatIndex) => source.at(flatIndex));
  return layOut(values, shown, chooseFormat(values, dtype, settings), PREFIX.length, settings);
}

function suffixesOf(source: PrintSource): Suffix[] {
  const { shape, dtype, device, gradFn, requiresGrad } = source;
  const suffixes: Suffix[] = [];
  const add = (text: string, unprinted = ""): void => {
    suffixes.push({ text, width: text.length + unprinted.length });
  };
  if (device !== "cpu") add(`device='${device}'`);
  const empty = numel(shape) === 0;
  if (empty && shape.length !== 1) add(`size=(${shape.join(", ")})`);
  // With elements to look at, int64 and bool speak for themselves; an empty tensor has to say so.
  const evident = dtype === getDefaultDType() || (!empty && (dtype === "int64" || dtype === "bool"));
  if (!evident) add(`dtype=${dtype}`, DTYPE_PREFIX);
  if (gradFn !== null) add(`grad_fn=<${gradFn}>`);
  else if (requiresGrad) add("requires_grad=True");
  return suffixes;
}

/** A suffix that would pass the line width starts a line (PyTorch's `_add_suffixes`, its count of the first line included). */
function addSuffixes(body: string, suffixes: readonly Suffix[], linewidth: number): string {
  const margin = " ".repeat(PREFIX.length);
  let text = body;
  let column = body.length - body.lastIndexOf("\n") + 1;
  for (const suffix of suffixes) {
    if (column + suffix.width + 2 > linewidth) {
      text += `,\n${margin}${suffix.text}`;
      column = PREFIX.length + suffix.width;
    } else {
      text += `, ${suffix.text}`;
      column += suffix.width + 2;
    }
  }
  return `${text})`;
}
