import { type DType, isFloat, type Strided } from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import { Walk } from "../interpreter/walk.ts";
import { dataOf } from "../memory/storage.ts";

const walk = new Walk();
const at = [0, 0];

/** See `Backend.scan`. Floats run in double precision and are rounded as they are stored. */
export function scan(combine: "sum" | "prod", input: Strided, dim: number, output: Strided): void {
  const x = dataOf(input);
  const o = dataOf(output);
  const { shape, dtype } = output;
  const n = shape[dim] ?? 1;
  const lanes = shape.map((size, d) => (d === dim ? 1 : size));
  if (n === 0 || lanes.includes(0)) return;
  walk.reset(lanes);
  walk.add(input, lanes);
  walk.add(output, lanes);
  walk.merge();
  at[0] = input.offset;
  at[1] = output.offset;
  const run = runsOf(dtype)[combine];
  do run(n, o, at[1], output.strides[dim] ?? 0, x, at[0], input.strides[dim] ?? 0);
  while (walk.next(at, -1));
}

type Run<A> = (n: number, o: A, oi: number, os: number, x: A, xi: number, xs: number) => void;
type Runs<A> = Readonly<Record<"sum" | "prod", Run<A>>>;

function runsOf(dtype: DType): Runs<unknown> {
  if (isFloat(dtype)) return floatRuns as Runs<unknown>;
  return (dtype === "int64" ? bigRuns : dtype === "bool" ? boolRuns : intRuns) as Runs<unknown>;
}

const floatRuns: Runs<NumberArray> = {
  sum(n, o, oi, os, x, xi, xs) {
    for (let value = 0; n > 0; n--, oi += os, xi += xs) o[oi] = value += x[xi];
  },
  prod(n, o, oi, os, x, xi, xs) {
    for (let value = 1; n > 0; n--, oi += os, xi += xs) o[oi] = value *= x[xi];
  },
};

const intRuns: Runs<NumberArray> = {
  sum(n, o, oi, os, x, xi, xs) {
    for (let value = 0; n > 0; n--, oi += os, xi += xs) o[oi] = value = (value + x[xi]) | 0;
  },
  prod(n, o, oi, os, x, xi, xs) {
    for (let value = 1; n > 0; n--, oi += os, xi += xs) o[oi] = value = Math.imul(value, x[xi]);
  },
};

const boolRuns: Runs<NumberArray> = {
  ...intRuns,
  sum(n, o, oi, os, x, xi, xs) {
    for (let value = 0; n > 0; n--, oi += os, xi += xs) o[oi] = value |= x[xi];
  },
};

const bigRuns: Runs<BigInt64Array> = {
  sum(n, o, oi, os, x, xi, xs) {
    for (let value = 0n; n > 0; n--, oi += os, xi += xs) o[oi] = value = BigInt.asIntN(64, value + x[xi]);
  },
  prod(n, o, oi, os, x, xi, xs) {
    for (let value = 1n; n > 0; n--, oi += os, xi += xs) o[oi] = value = BigInt.asIntN(64, value * x[xi]);
  },
};
