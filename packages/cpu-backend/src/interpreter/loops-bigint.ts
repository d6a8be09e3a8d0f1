import type { LoopOf, Loops } from "./loops.ts";
import { bigFloorDivide, bigPower, bigRemainder } from "./scalar-int.ts";

const copy: LoopOf<BigInt64Array> = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi];
};

/** int64. Stores wrap at 64 bits; a division by zero gives zero. */
export const bigintLoops: Loops<BigInt64Array> = {
  unary: {
    floor: copy,
    ceil: copy,
    trunc: copy,
    round: copy,
    neg(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = -x[xi];
    },
    abs(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi] < 0n ? -x[xi] : x[xi];
    },
    sign(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi] > 0n ? 1n : x[xi] < 0n ? -1n : 0n;
    },
    bitnot(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = ~x[xi];
    },
  },
  binary: {
    add(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] + y[yi];
    },
    sub(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] - y[yi];
    },
    mul(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] * y[yi];
    },
    floordiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = bigFloorDivide(x[xi], y[yi]);
    },
    truncdiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = y[yi] === 0n ? 0n : x[xi] / y[yi];
    },
    mod(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = bigRemainder(x[xi], y[yi]);
    },
    fmod(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = y[yi] === 0n ? 0n : x[xi] % y[yi];
    },
    pow(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = bigPower(x[xi], y[yi]);
    },
    min(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] < y[yi] ? x[xi] : y[yi];
    },
    max(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] > y[yi] ? x[xi] : y[yi];
    },
    eq(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] === y[yi] ? 1n : 0n;
    },
    ne(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] !== y[yi] ? 1n : 0n;
    },
    lt(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] < y[yi] ? 1n : 0n;
    },
    le(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] <= y[yi] ? 1n : 0n;
    },
    gt(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] > y[yi] ? 1n : 0n;
    },
    ge(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] >= y[yi] ? 1n : 0n;
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
  select(n, o, oi, os, x, xi, xs, y, yi, ys, z, zi, zs) {
    for (; n > 0; n--, oi += os, xi += xs, yi += ys, zi += zs) o[oi] = x[xi] !== 0n ? y[yi] : z[zi];
  },
};
