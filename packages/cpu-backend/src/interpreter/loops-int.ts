import type { Loops, NumberArray } from "./loops.ts";
import { copyNumbers, numberLoops } from "./loops-number.ts";
import { intPower } from "./scalar-int.ts";

/**
 * int32 and uint8. Stores wrap, and turn the infinities and nan of divisions by zero into zero. Quotients of 32-bit
 * integers are further from the next integer than a double's rounding error, so floor and trunc are exact.
 */
export const intLoops: Loops<NumberArray> = {
  unary: {
    ...numberLoops.unary,
    floor: copyNumbers,
    ceil: copyNumbers,
    trunc: copyNumbers,
    round: copyNumbers,
    bitnot(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = ~x[xi];
    },
  },
  binary: {
    ...numberLoops.binary,
    mul(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.imul(x[xi], y[yi]);
    },
    truncdiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] / y[yi];
    },
    floordiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.floor(x[xi] / y[yi]);
    },
    mod(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] - y[yi] * Math.floor(x[xi] / y[yi]);
    },
    fmod(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] % y[yi];
    },
    pow(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = intPower(x[xi], y[yi]);
    },
    bitand(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] & y[yi];
    },
    bitor(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] | y[yi];
    },
    bitxor(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] ^ y[yi];
    },
  },
  select: numberLoops.select,
};

/** bool, as 0 and 1: `add` is or, `mul` and, `sub` and `bitnot` keep to the two values. */
export const boolLoops: Loops<NumberArray> = {
  unary: {
    ...intLoops.unary,
    neg: copyNumbers,
    bitnot(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi] === 0 ? 1 : 0;
    },
  },
  binary: {
    ...intLoops.binary,
    add: intLoops.binary.bitor,
    sub: intLoops.binary.bitxor,
  },
  select: intLoops.select,
};
