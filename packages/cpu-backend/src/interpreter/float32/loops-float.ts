// The twin of ../loops-float.ts for float32 alone, written by tools/twins.ts, which says why. Change the original.
import type { Loops, NumberArray } from "../loops.ts";
import { floorDivide, power, remainder, roundHalfEven } from "../scalar-float.ts";
import { erf, erfc, erfinv } from "../special.ts";
import { numberLoops } from "./loops-number.ts";

/** Floating point: computed in double precision, rounded to the element type by the store. */
export const floatLoops: Loops<NumberArray> = {
  unary: {
    ...numberLoops.unary,
    floor(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.floor(x[xi]);
    },
    ceil(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.ceil(x[xi]);
    },
    trunc(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.trunc(x[xi]);
    },
    sqrt(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.sqrt(x[xi]);
    },
    exp(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.exp(x[xi]);
    },
    expm1(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.expm1(x[xi]);
    },
    log(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.log(x[xi]);
    },
    log2(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.log2(x[xi]);
    },
    log10(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.log10(x[xi]);
    },
    log1p(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.log1p(x[xi]);
    },
    sin(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.sin(x[xi]);
    },
    cos(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.cos(x[xi]);
    },
    tan(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.tan(x[xi]);
    },
    asin(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.asin(x[xi]);
    },
    acos(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.acos(x[xi]);
    },
    atan(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.atan(x[xi]);
    },
    sinh(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.sinh(x[xi]);
    },
    cosh(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.cosh(x[xi]);
    },
    tanh(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.tanh(x[xi]);
    },
    asinh(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.asinh(x[xi]);
    },
    acosh(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.acosh(x[xi]);
    },
    atanh(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = Math.atanh(x[xi]);
    },
    round(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = roundHalfEven(x[xi]);
    },
    erf(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = erf(x[xi]);
    },
    erfc(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = erfc(x[xi]);
    },
    erfinv(n, o, oi, os, x, xi, xs) {
      for (; n > 0; n--, oi += os, xi += xs) o[oi] = erfinv(x[xi]);
    },
  },
  binary: {
    ...numberLoops.binary,
    mul(n, o, oi, os, x, xi, xs, y, yi, ys) {
      if (os === 1 && xs === 1 && ys === 1) for (let i = 0; i < n; i++) o[oi + i] = x[xi + i] * y[yi + i];
      else for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] * y[yi];
    },
    div(n, o, oi, os, x, xi, xs, y, yi, ys) {
      if (os === 1 && xs === 1 && ys === 1) for (let i = 0; i < n; i++) o[oi + i] = x[xi + i] / y[yi + i];
      else for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] / y[yi];
    },
    truncdiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.trunc(x[xi] / y[yi]);
    },
    floordiv(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = floorDivide(x[xi], y[yi]);
    },
    mod(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = remainder(x[xi], y[yi]);
    },
    fmod(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = x[xi] % y[yi];
    },
    atan2(n, o, oi, os, x, xi, xs, y, yi, ys) {
      for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = Math.atan2(x[xi], y[yi]);
    },
    pow(n, o, oi, os, x, xi, xs, y, yi, ys) {
      // Squares are most of the powers there are.
      if (ys === 0 && y[yi] === 2) for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi] * x[xi];
      else for (; n > 0; n--, oi += os, xi += xs, yi += ys) o[oi] = power(x[xi], y[yi]);
    },
  },
  select: numberLoops.select,
};
