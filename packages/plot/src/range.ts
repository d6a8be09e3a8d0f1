import { quote, ValueError } from "@flambeau/backend";

/** The two ends of an axis. */
export type Range = readonly [number, number];

/** @throws ValueError for what is no range, or none of a logarithmic axis. */
export function checkRange(range: Range, name: string, isLog: boolean = false): void {
  if (
    range.length !== 2 ||
    !Number.isFinite(range[0]) ||
    !Number.isFinite(range[1]) ||
    range[0] >= range[1]
  ) {
    throw new ValueError(`${name} must be [low, high] with low < high, got ${quote(range)}`);
  }
  if (isLog && range[0] <= 0)
    throw new ValueError(`${name} of a logarithmic axis lies above 0, got ${quote(range)}`);
}
