import type { Loops, NumberArray, NumberLoop } from "./loops.ts";

/** Copies, converting as JavaScript's arrays do: to integers truncated and wrapped, nan as 0. */
export const copyNumbers: NumberLoop = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi];
};

/** What is the same for floats and for integers in JavaScript's numbers; integers wrap when they are stored. */
export const numberLoops: Loops<NumberArray> = {
  unary: {
    neg(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = -x[xi];
    },
    abs(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.abs(x[xi]);
    },
    sign(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = (x[xi] > 0 ? 1 : 0) - (x[xi] < 0 ? 1 : 0);
    },
  },
  binary: {
    add(n, o, oi, os, x, xi, xs, y, yi, ys) {
      if (os === 1 && xs === 1 && ys === 1) for (let i = 0; i < n; i++) o[oi + i] = x[xi + i] + y[yi + i];
      else for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] + y[yi];
    },
    sub(n, o, oi, os, x, xi, xs, y, yi, ys) {
      if (os === 1 && xs === 1 && ys === 1) for (let i = 0; i < n; i++) o[oi + i] = x[xi + i] - y[yi + i];
      else for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] - y[yi];
    },
    min(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.min(x[xi], y[yi]);
    },
    max(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.max(x[xi], y[yi]);
    },
    eq(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] === y[yi] ? 1 : 0;
    },
    ne(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] !== y[yi] ? 1 : 0;
    },
    lt(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] < y[yi] ? 1 : 0;
    },
    le(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] <= y[yi] ? 1 : 0;
    },
    gt(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] > y[yi] ? 1 : 0;
    },
    ge(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] >= y[yi] ? 1 : 0;
    },
  },
  select(n, o, oi, os, x, xi, xs, y, yi, ys, z, zi, zs) {
    for (; n > 0; n--, oi += os, xi += xs, yi += ys, zi += zs) o[oi] = x[xi] !== 0 ? y[yi] : z[zi];
  },
};
