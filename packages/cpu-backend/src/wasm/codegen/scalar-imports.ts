import { floorDivide, power, remainder } from "../../interpreter/scalar-float.ts";
import type { ScalarName } from "./graph.ts";

/** What SIMD kernels call for single elements that their own code does not cover; workers load this too. */
export const scalar: Readonly<Record<ScalarName, (a: number, b: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  pow: power,
  fmod: (a, b) => a % b,
  mod: remainder,
  floordiv: floorDivide,
  atan2: Math.atan2,
};
