/** Extremes that pass nan over. */
import { E, type Expr } from "@flambeau/backend";
import { binaryOp, type Callable, callable, type Formula, type Tensor } from "@flambeau/tensor";

const isNan = (x: Expr): Expr => E.ne(x, x);
/** `f` of two numbers, or the one that is not nan. */
const ofNumbers = (a: Expr, b: Expr, f: Expr): Expr => E.select(isNan(a), b, E.select(isNan(b), a, f));

/** The gradients of both operands: the first has it where it `wins`, or the second is nan. */
function shares(wins: (a: Expr, b: Expr) => Expr): Formula[] {
  const first = (a: Expr, b: Expr): Expr => E.max(wins(a, b), isNan(b));
  return [({ g, a, b }) => E.select(first(a, b), g, 0), ({ g, a, b }) => E.select(first(a, b), 0, g)];
}

const largest = binaryOp("fmax", (a, b) => ofNumbers(a, b, E.max(a, b)), { derivative: shares(E.ge) });
const smallest = binaryOp("fmin", (a, b) => ofNumbers(a, b, E.min(a, b)), { derivative: shares(E.le) });

const FMAX = "fmax(input, other: tensor)";

/**
 * The larger one of two elements, or the one that is not nan. Shapes broadcast, and dtypes promote. Of equal ones the first has the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { fmax } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(fmax(tensor([1, NaN, 3]), tensor([2, 2, NaN]))));
 * // tensor([2., 2., 3.])
 * ```
 */
export const fmax: Callable<typeof FMAX, Tensor> = callable(FMAX, (a, b) => largest(a, b));

const FMIN = "fmin(input, other: tensor)";

/**
 * The smaller one of two elements, or the one that is not nan. Shapes broadcast, and dtypes promote. Of equal ones the first has the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { fmin } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(fmin(tensor([1, NaN, 3]), tensor([2, 2, NaN]))));
 * // tensor([1., 2., 3.])
 * ```
 */
export const fmin: Callable<typeof FMIN, Tensor> = callable(FMIN, (a, b) => smallest(a, b));
