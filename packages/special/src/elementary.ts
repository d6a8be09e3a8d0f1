/** Functions that are one formula. */
import { E } from "@flambeau/backend";
import {
  type BinaryOp,
  binaryOp,
  type Callable,
  callable,
  named,
  type Tensor,
  type UnaryOp,
  unaryOp,
} from "@flambeau/tensor";
import { nodeOf } from "./on-host.ts";

/**
 * `sin(pi x) / (pi x)`, elementwise, and 1 where x is zero. Integers give the default float.
 *
 * @example
 * ```ts
 * import { sinc } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(sinc(tensor([0, 0.5, 1.5]))));
 * // tensor([ 1.0000,  0.6366, -0.2122])
 * ```
 */
export const sinc: UnaryOp = unaryOp(
  "sinc",
  (x) => E.select(E.eq(x, 0), 1, E.div(E.sin(E.mul(x, Math.PI)), E.mul(x, Math.PI))),
  {
    result: "float",
    derivative: [
      ({ g, a }) => {
        const t = E.mul(a, Math.PI);
        const slope = E.div(E.sub(E.mul(t, E.cos(t)), E.sin(t)), E.mul(t, a));
        return E.select(E.eq(E.mul(t, a), 0), 0, E.mul(g, slope));
      },
    ],
  },
);

const entropyTerm = unaryOp(
  "entr",
  (x) =>
    E.select(
      E.gt(x, 0),
      E.neg(E.mul(x, E.log(x))),
      E.select(E.eq(x, 0), 0, E.select(E.lt(x, 0), -Infinity, x)),
    ),
  { result: "float", derivative: [({ g, a }) => E.neg(E.mul(g, E.add(1, E.log(a))))] },
);

const ENTR = "entr(input)";

/**
 * `-x log(x)`, a term of an entropy, elementwise: 0 at 0, -Infinity below. Integers give the default float.
 *
 * @example
 * ```ts
 * import { entr } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(entr(tensor([0, 0.5, 2]))));
 * // tensor([ 0.0000,  0.3466, -1.3863])
 * ```
 */
export const entr: Callable<typeof ENTR, Tensor> = callable(ENTR, (x) =>
  named(entropyTerm(x), "SpecialEntr"),
);

const timesLog1p: BinaryOp = binaryOp(
  "xlog1py",
  (a, b) => E.select(E.ne(b, b), b, E.select(E.eq(a, 0), 0, E.mul(a, E.log1p(b)))),
  {
    result: "float",
    derivative: [
      ({ g, a, b }) => E.select(E.mul(E.eq(a, 0), E.le(b, -1)), 0, E.mul(g, E.log1p(b))),
      ({ g, a, b }) => E.div(E.mul(g, a), E.add(b, 1)),
    ],
  },
);

const XLOG1PY = "xlog1py(input: operand, other)";

/**
 * `input * log1p(other)`, elementwise, and zero where `input` is, even if the logarithm is infinite. Integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { xlog1py } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(xlog1py(tensor([0, 2]), tensor([-1, 3]))));
 * // tensor([0.0000, 2.7726])
 * ```
 */
export const xlog1py: Callable<typeof XLOG1PY, Tensor> = callable(XLOG1PY, (a, b) =>
  named(timesLog1p(a, b), nodeOf("SpecialXlog1Py", a, b)),
);
