import { floatLoops } from "./float32/loops-float.ts";
import type { Loops, NumberArray } from "./loops.ts";

/** The loops of float32: quotients are rounded to float32 before they are truncated, as a float32 device divides. */
export const float32Loops: Loops<NumberArray> = {
  ...floatLoops,
  binary: {
    ...floatLoops.binary,
    truncdiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.trunc(Math.fround(x[xi] / y[yi]));
    },
  },
};
