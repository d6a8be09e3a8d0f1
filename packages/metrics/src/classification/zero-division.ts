import { quote, ValueError } from "@flambeau/backend";
import type { ZeroDivision } from "../input/types.ts";

/** @throws ValueError */
export function checkZeroDivision(call: string, value: ZeroDivision): void {
  if (value === "warn" || value === 0 || value === 1) return;
  throw new ValueError(`${call}: zeroDivision is "warn", 0 or 1; got ${quote(value)}`);
}
