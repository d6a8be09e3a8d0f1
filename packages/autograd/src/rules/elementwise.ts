import { E, type Expr, type ExprLike } from "@flambeau/backend";
import {
  type Derivative,
  type ElementwiseName,
  type Formula,
  SELU_ALPHA,
  SELU_SCALE,
} from "@flambeau/tensor";

const zero: Formula = () => 0;
const pass: Formula = ({ g }) => g;
const { add, sub, mul, div, neg, exp, log, sqrt, sin, cos, pow, select, eq, lt, le, gt, ge, sign, abs } = E;
const square = (x: ExprLike): Expr => mul(x, x);
/** g where a condition holds, else zero. */
const when = (condition: Expr, g: Expr): Expr => select(condition, g, 0);
/** Half to each where two values tie; all to both where one is nan, as PyTorch has it. */
const tied = (loses: Expr, ties: Expr, g: Expr): Expr => select(ties, mul(0.5, g), select(loses, 0, g));
const logistic = (x: ExprLike): Expr => div(1, add(1, exp(neg(x))));
const clampedBelow = (x: Expr, low: number): Expr => E.max(x, low);
/** x no further from zero than the bound; nan stays nan. */
const within = (x: Expr, bound: Expr): Expr =>
  select(ge(x, bound), bound, select(le(x, neg(bound)), neg(bound), x));

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/**
 * One formula per operand, null where an operand cannot have a gradient (a mask, a setting).
 *
 * @internal
 */
export const elementwiseRules: { readonly [K in ElementwiseName]: Derivative } = {
  exp: [({ g, y }) => mul(g, y)],
  exp2: [({ g, y }) => mul(g, mul(y, Math.LN2))],
  expm1: [({ g, y }) => mul(g, add(y, 1))],
  log: [({ g, a }) => div(g, a)],
  log2: [({ g, a }) => div(g, mul(a, Math.LN2))],
  log10: [({ g, a }) => div(g, mul(a, Math.LN10))],
  log1p: [({ g, a }) => div(g, add(a, 1))],
  sqrt: [({ g, y }) => div(g, mul(2, y))],
  rsqrt: [({ g, y }) => mul(mul(-0.5, g), mul(y, square(y)))],
  reciprocal: [({ g, y }) => neg(mul(g, square(y)))],
  sin: [({ g, a }) => mul(g, cos(a))],
  cos: [({ g, a }) => neg(mul(g, sin(a)))],
  tan: [({ g, y }) => mul(g, add(1, square(y)))],
  asin: [({ g, a }) => div(g, sqrt(sub(1, square(a))))],
  acos: [({ g, a }) => neg(div(g, sqrt(sub(1, square(a)))))],
  atan: [({ g, a }) => div(g, add(1, square(a)))],
  sinh: [({ g, a }) => mul(g, E.cosh(a))],
  cosh: [({ g, a }) => mul(g, E.sinh(a))],
  tanh: [({ g, y }) => mul(g, sub(1, square(y)))],
  asinh: [({ g, a }) => div(g, sqrt(add(square(a), 1)))],
  acosh: [({ g, a }) => div(g, sqrt(sub(square(a), 1)))],
  atanh: [({ g, a }) => div(g, sub(1, square(a)))],
  erf: [({ g, a }) => mul(g, mul(TWO_OVER_SQRT_PI, exp(neg(square(a)))))],
  erfc: [({ g, a }) => mul(g, mul(-TWO_OVER_SQRT_PI, exp(neg(square(a)))))],
  erfinv: [({ g, y }) => mul(g, mul(1 / TWO_OVER_SQRT_PI, exp(square(y))))],
  sigmoid: [({ g, y }) => mul(g, mul(y, sub(1, y)))],
  // Outside of [0, 1] the root makes it nan, as the value is.
  logit: [({ g, a }) => select(lt(mul(a, sub(1, a)), 0), sqrt(mul(a, sub(1, a))), div(g, mul(a, sub(1, a))))],

  add: [pass, pass],
  sub: [pass, ({ g }) => neg(g)],
  rsub: [({ g }) => neg(g), pass],
  mul: [({ g, b }) => mul(g, b), ({ g, a }) => mul(g, a)],
  // Not by way of the quotient, which programs go on to write over, as PyTorch lets them.
  div: [({ g, b }) => div(g, b), ({ g, a, b }) => neg(div(mul(g, div(a, b)), b))],
  pow: [
    // b * a^(b - 1) is 0 * inf at a = 0, b = 0.
    ({ g, a, b }) => select(eq(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1))))),
    // At a = 0 the logarithm is -inf while the derivative's limit is 0.
    ({ g, a, b, y }) => select(mul(eq(a, 0), ge(b, 0)), 0, mul(g, mul(y, log(a)))),
  ],
  floorDivide: [zero, zero],
  remainder: [pass, ({ g, a, b }) => neg(mul(g, E.floordiv(a, b)))],
  fmod: [pass, ({ g, a, b }) => neg(mul(g, E.truncdiv(a, b)))],
  atan2: [
    ({ g, a, b }) => div(mul(g, b), add(square(a), square(b))),
    ({ g, a, b }) => div(neg(mul(g, a)), add(square(a), square(b))),
  ],
  maximum: [({ g, a, b }) => tied(lt(a, b), eq(a, b), g), ({ g, a, b }) => tied(gt(a, b), eq(a, b), g)],
  minimum: [({ g, a, b }) => tied(gt(a, b), eq(a, b), g), ({ g, a, b }) => tied(lt(a, b), eq(a, b), g)],
  clampMin: [({ g, a, b }) => when(ge(a, b), g), ({ g, a, b }) => when(lt(a, b), g)],
  clampMax: [({ g, a, b }) => when(le(a, b), g), ({ g, a, b }) => when(gt(a, b), g)],
  clamp: [
    ({ g, a, b, c }) => when(mul(ge(a, b), le(a, c)), g),
    ({ g, a, b, c }) => when(mul(lt(a, b), lt(b, c)), g),
    ({ g, a, b, c }) => when(E.max(gt(a, c), lt(c, b)), g),
  ],
  xlogy: [
    ({ g, a, b }) => select(mul(eq(a, 0), le(b, 0)), 0, mul(g, log(b))),
    ({ g, a, b }) => div(mul(g, a), b),
  ],
  logaddexp: [({ g, a, b }) => mul(g, logistic(sub(a, b))), ({ g, a, b }) => mul(g, logistic(sub(b, a)))],
  hypot: [({ g, a, y }) => div(mul(g, a), y), ({ g, b, y }) => div(mul(g, b), y)],
  lerp: [({ g, c }) => mul(g, sub(1, c)), ({ g, c }) => mul(g, c), ({ g, a, b }) => mul(g, sub(b, a))],
  addcmul: [pass, ({ g, c }) => mul(g, c), ({ g, b }) => mul(g, b)],
  addcdiv: [pass, ({ g, c }) => div(g, c), ({ g, b, c }) => neg(div(mul(g, b), square(c)))],
  neg: [({ g }) => neg(g)],
  abs: [({ g, a }) => mul(g, sign(a))],
  square: [({ g, a }) => mul(g, mul(2, a))],
  sign: [zero],
  floor: [zero],
  ceil: [zero],
  trunc: [zero],
  round: [zero],
  frac: [pass],

  where: [null, ({ g, a }) => when(a, g), ({ g, a }) => select(a, 0, g)],

  relu: [({ g, y }) => select(le(y, 0), 0, g)],
  leakyRelu: [({ g, a, b }) => select(gt(a, 0), g, mul(g, b)), null],
  // A nan is neither, so that the gradient passes.
  hardtanh: [({ g, a, b, c }) => select(E.max(le(a, b), ge(a, c)), 0, g), null, null],
  // A nan is not within.
  hardsigmoid: [({ g, a }) => when(mul(gt(a, -3), lt(a, 3)), div(g, 6))],
  // At 3 as the vectorized loop of PyTorch 1.13 has it, not that of the few elements it leaves over.
  hardswish: [({ g, a }) => select(lt(a, -3), 0, select(ge(a, 3), g, mul(g, add(div(a, 3), 0.5))))],
  elu: [({ g, a, b }) => select(le(a, 0), mul(g, mul(b, exp(a))), g), null],
  selu: [({ g, a }) => mul(mul(g, SELU_SCALE), select(le(a, 0), mul(SELU_ALPHA, exp(a)), 1))],
  silu: [({ g, a }) => mul(g, mul(logistic(a), add(1, mul(a, sub(1, logistic(a))))))],
  gelu: [
    ({ g, a }) =>
      mul(
        g,
        add(
          mul(0.5, add(1, E.erf(mul(a, Math.SQRT1_2)))),
          mul(mul(a, 1 / Math.sqrt(2 * Math.PI)), exp(mul(-0.5, square(a)))),
        ),
      ),
  ],
  softplus: [({ g, a, b, c }) => select(gt(mul(a, b), c), g, mul(g, logistic(mul(a, b)))), null, null],
  logSigmoid: [({ g, a }) => mul(g, logistic(neg(a)))],
  squaredError: [({ g, a, b }) => mul(g, mul(2, sub(a, b))), ({ g, a, b }) => mul(g, mul(2, sub(b, a)))],
  absoluteError: [({ g, a, b }) => mul(g, sign(sub(a, b))), ({ g, a, b }) => mul(g, sign(sub(b, a)))],
  smoothL1Error: [
    ({ g, a, b, c }) => mul(g, div(within(sub(a, b), c), c)),
    ({ g, a, b, c }) => mul(g, div(within(sub(b, a), c), c)),
    null,
  ],
  huberError: [
    ({ g, a, b, c }) => mul(g, within(sub(a, b), c)),
    ({ g, a, b, c }) => mul(g, within(sub(b, a), c)),
    null,
  ],
  binaryCrossEntropy: [
    // The denominator is kept from zero as PyTorch keeps it (aten Loss.cpp: 1e-12 as a float32).
    ({ g, a, b }) => div(mul(g, sub(a, b)), clampedBelow(mul(a, sub(1, a)), Math.fround(1e-12))),
    ({ g, a }) => mul(g, sub(E.max(E.log1p(neg(a)), -100), E.max(log(a), -100))),
  ],
  binaryCrossEntropyWithLogits: [
    ({ g, a, b, c }) => mul(g, sub(sub(1, b), mul(add(1, mul(sub(c, 1), b)), logistic(neg(a))))),
    // d/dt of (1 - t) x + (1 + (w - 1) t) softplus(-x), with softplus(-x) = max(-x, 0) + log1p(exp(-|x|)).
    ({ g, a, c }) => mul(g, sub(mul(sub(c, 1), add(E.max(neg(a), 0), E.log1p(exp(neg(abs(a)))))), a)),
    ({ g, a, b }) => mul(g, mul(b, add(E.max(neg(a), 0), E.log1p(exp(neg(abs(a))))))),
  ],
};
