import { type DType, isFloat } from "@flambeau/backend";
import { formatExponential, formatFixed } from "./number.ts";
import type { PrintSettings } from "./options.ts";

/** An element as it is read for printing. */
export type PrintValue = number | bigint | boolean;

/** How all elements of one tensor are written. */
export interface ElementFormat {
  /** The width that columns are aligned to. */
  readonly width: number;
  format(value: PrintValue): string;
}

/**
 * The common format of the elements that are shown.
 *
 * The choice between whole numbers ("2."), decimals and scientific notation, and the width (taken from the nonzero
 * finite values only) follow `_Formatter` in PyTorch's torch/_tensor_str.py.
 */
export function chooseFormat(
  values: readonly PrintValue[],
  dtype: DType,
  settings: PrintSettings,
): ElementFormat {
  if (!isFloat(dtype)) {
    const text = dtype === "bool" ? formatBool : String;
    return aligned(values.map(text), text);
  }
  const { precision, sciMode } = settings;
  const telling = values.map(Number).filter((value) => Number.isFinite(value) && value !== 0);
  const whole = telling.every(Number.isInteger);
  const scientific = spreadsWide(telling, whole);

  const exponential = (value: PrintValue): string => formatExponential(Number(value), precision);
  const decimal = (value: PrintValue): string =>
    whole ? formatWhole(Number(value)) : formatFixed(Number(value), precision);
  // As in PyTorch, a forced notation changes the text but not the width, which the values' own choice set.
  const widths = telling.map(scientific ? exponential : decimal);
  // Zeros, nan and infinities alone have nothing to write exponents of.
  const exponents = telling.length > 0 && (sciMode ?? scientific);
  return aligned(widths, exponents ? exponential : decimal);
}

function aligned(texts: readonly string[], text: (value: PrintValue) => string): ElementFormat {
  const width = texts.reduce((widest, { length }) => Math.max(widest, length), 1);
  return { width, format: (value) => text(value).padStart(width) };
}

function spreadsWide(telling: readonly number[], whole: boolean): boolean {
  let least = Infinity;
  let most = 0;
  for (const value of telling) {
    least = Math.min(least, Math.abs(value));
    most = Math.max(most, Math.abs(value));
  }
  return most / least > 1000 || most > 1e8 || (!whole && least < 1e-4);
}

function formatBool(value: PrintValue): string {
  return value ? "True" : "False";
}

/** A whole number of a floating dtype: the point alone tells it from an integer. */
function formatWhole(value: number): string {
  return formatFixed(value, 0) + (Number.isFinite(value) ? "." : "");
}
