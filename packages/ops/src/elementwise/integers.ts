/** Functions of integers. */
import { type DType, DTypeError, isFloat, itemSize } from "@flambeau/backend";
import { type Callable, callable, type Operand, resultType, type Tensor } from "@flambeau/tensor";
import { onPairs, paired } from "./on-host.ts";

type Numbers = { [i: number]: number | bigint; readonly length: number };

/** `f` of pairs of integers, which wrap as their dtype does. */
function ofIntegers(
  name: string,
  a: Operand,
  b: Operand,
  f: (x: bigint, y: bigint, dtype: DType) => bigint,
): Tensor {
  const dtype = resultType([a, b]);
  if (isFloat(dtype) || dtype === "bool") throw new DTypeError(`${name}: it takes integers; got ${dtype}`);
  return onPairs(paired(name, dtype, a, b), (xs, ys, out) => {
    const table = out as unknown as Numbers;
    for (let i = 0; i < xs.length; i++) {
      const value = f(BigInt(xs[i]), BigInt(ys[i]), dtype);
      table[i] = dtype === "int64" ? value : Number(BigInt.asIntN(32, value));
    }
  });
}

const absolute = (x: bigint): bigint => (x < 0n ? -x : x);

function divisorOf(x: bigint, y: bigint): bigint {
  let [a, b] = [absolute(x), absolute(y)];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

const GCD = "gcd(input, other: tensor)";

/**
 * The greatest common divisor, elementwise: 0 of two zeros. Shapes broadcast, and dtypes promote.
 *
 * @throws DTypeError for floats and bools; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { gcd } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(gcd(tensor([12n, -5n]), tensor([18n]))));
 * // tensor([6, 1])
 * ```
 */
export const gcd: Callable<typeof GCD, Tensor> = callable(GCD, (a, b) => ofIntegers("gcd", a, b, divisorOf));

const LCM = "lcm(input, other: tensor)";

/**
 * The least common multiple, elementwise: 0 where one is 0. Shapes broadcast, and dtypes promote.
 *
 * @throws DTypeError for floats and bools; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { lcm } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(lcm(tensor([4n, -5n]), tensor([6n]))));
 * // tensor([12, 30])
 * ```
 */
export const lcm: Callable<typeof LCM, Tensor> = callable(LCM, (a, b) =>
  ofIntegers("lcm", a, b, (x, y) => {
    const divisor = divisorOf(x, y);
    return divisor === 0n ? 0n : absolute((x / divisor) * y);
  }),
);

const hasBit = (bit: bigint, dtype: DType): boolean => bit >= 0n && bit < BigInt(8 * itemSize(dtype));

const BITWISE_LEFT_SHIFT = "bitwiseLeftShift(input: operand, other)";

/**
 * `input << other`, elementwise; bits beyond the dtype's are lost, and all are where `other` is negative or not below their number. Shapes
 * broadcast, and dtypes promote.
 *
 * @throws DTypeError for floats and bools; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { bitwiseLeftShift } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseLeftShift(tensor([1n, -3n]), 4)));
 * // tensor([ 16, -48])
 * ```
 */
export const bitwiseLeftShift: Callable<typeof BITWISE_LEFT_SHIFT, Tensor> = callable(
  BITWISE_LEFT_SHIFT,
  (a, b) =>
    ofIntegers("bitwiseLeftShift", a, b, (x, y, dtype) =>
      hasBit(y, dtype) ? BigInt.asIntN(64, x << y) : 0n,
    ),
);

const BITWISE_RIGHT_SHIFT = "bitwiseRightShift(input: operand, other)";

/**
 * `input >> other`, elementwise, with the sign kept; only the sign is left where `other` is negative or not below the number of bits. Shapes
 * broadcast, and dtypes promote.
 *
 * @throws DTypeError for floats and bools; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { bitwiseRightShift } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseRightShift(tensor([16n, -3n]), 1)));
 * // tensor([ 8, -2])
 * ```
 */
export const bitwiseRightShift: Callable<typeof BITWISE_RIGHT_SHIFT, Tensor> = callable(
  BITWISE_RIGHT_SHIFT,
  (a, b) => ofIntegers("bitwiseRightShift", a, b, (x, y, dtype) => x >> (hasBit(y, dtype) ? y : 64n)),
);
