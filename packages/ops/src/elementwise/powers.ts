/** Powers, and exponents of two. */
import { derived } from "@flambeau/autograd";
import { DTypeError, E, type Expr, isFloat } from "@flambeau/backend";
import {
  binaryOp,
  type Callable,
  callable,
  computeOnHost,
  exp2,
  type NamedTuple,
  namedTuple,
  type Operand,
  pow,
  Tensor,
} from "@flambeau/tensor";

const FLOAT_POWER = "floatPower(input: operand, exponent)";

interface Exponent {
  /** The power. */
  readonly exponent: Operand;
}

/**
 * `input` to the power of `exponent`, elementwise, in float64 whatever the dtypes. Shapes broadcast.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError on devices without float64.
 *
 * @example
 * ```ts
 * import { floatPower } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(floatPower(tensor([2n, 3n]), -1)));
 * // tensor([0.5000, 0.3333], dtype=float64)
 * ```
 */
export const floatPower: Callable<typeof FLOAT_POWER, Tensor, Exponent> = callable<
  typeof FLOAT_POWER,
  Tensor,
  Exponent
>(FLOAT_POWER, (a, b) => {
  const [base, exponent] = [a, b].map((x) => (x instanceof Tensor ? x.to("float64") : Number(x)));
  return pow(base, exponent);
});

const LDEXP = "ldexp(input, other: tensor)";

/**
 * `input * 2^other`, elementwise. Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { ldexp } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(ldexp(tensor([1, 3]), tensor([4n, -1n]))));
 * // tensor([16.0000,  1.5000])
 * ```
 */
export const ldexp: Callable<typeof LDEXP, Tensor> = callable(LDEXP, (x, other) =>
  // Powers of integers in the range of what they multiply.
  x.mul(exp2(isFloat(x.dtype) && !isFloat(other.dtype) ? other.to(x.dtype) : other)),
);

/** The gradient of an operand: its part of the sum. */
const part = (g: Expr, x: Expr, other: Expr): Expr =>
  E.div(g, E.add(1, E.exp(E.mul(E.sub(other, x), Math.LN2))));

const sumOfPowers = binaryOp(
  "logaddexp2",
  (a, b) => {
    // Equal infinities would give inf - inf.
    const gap = E.select(E.eq(a, b), 0, E.neg(E.abs(E.sub(a, b))));
    return E.add(E.max(a, b), E.div(E.log1p(E.exp(E.mul(gap, Math.LN2))), Math.LN2));
  },
  {
    derivative: [({ g, a, b }) => part(g, a, b), ({ g, a, b }) => part(g, b, a)],
    refuse: (dtype) => (isFloat(dtype) ? undefined : `it takes floats; got ${dtype}`),
  },
);

const LOGADDEXP2 = "logaddexp2(input, other: tensor)";

/**
 * `log2(2^input + 2^other)`, elementwise, without overflow. Shapes broadcast.
 *
 * @throws DTypeError when both are integers; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { logaddexp2 } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logaddexp2(tensor([0, 2000]), tensor([0, 2000]))));
 * // tensor([1.0000e+00, 2.0010e+03])
 * ```
 */
export const logaddexp2: Callable<typeof LOGADDEXP2, Tensor> = callable(LOGADDEXP2, (a, b) =>
  sumOfPowers(a, b),
);

/** Of numbers `mantissa * 2^exponent`. */
export interface Frexp {
  /** From 0.5 to 1 in size, or zero, or what is not finite; the input's shape and dtype. */
  readonly mantissa: Tensor;
  /** int32, of the input's shape; 0 of zeros and of what is not finite. */
  readonly exponent: Tensor;
}

const FREXP = "frexp(input)";

/**
 * The mantissas and the exponents of elements.
 *
 * @throws DTypeError when the dtype is no float.
 *
 * @example
 * ```ts
 * import { frexp } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { mantissa, exponent } = frexp(tensor([12, -0.75]));
 * console.log(String(mantissa), String(exponent));
 * // tensor([ 0.7500, -0.7500]) tensor([4, 0], dtype=int32)
 * ```
 */
export const frexp: Callable<typeof FREXP, NamedTuple<Frexp>> = callable(FREXP, (input) => {
  if (!isFloat(input.dtype)) throw new DTypeError(`frexp: it takes floats; got ${input.dtype}`);
  const [mantissa, exponent] = derived(
    {
      name: "Frexp",
      constant: [1],
      run: ([x]) => {
        const { backend } = x.storage;
        const outputs = [Tensor.empty(backend, x.shape, x.dtype), Tensor.empty(backend, x.shape, "int32")];
        if (x.numel() > 0)
          computeOnHost([x], outputs, ([values], [mantissas, exponents]) =>
            values.forEach((value, i) => {
              [mantissas[i], exponents[i]] = partsOf(value);
            }),
          );
        return outputs;
      },
      backward: ({ grads: [g], outputs: [m, e] }) => [(g as Tensor).div(exp2(e.to(m.dtype)))],
    },
    input,
  );
  return namedTuple({ mantissa, exponent });
});

function partsOf(x: number): [mantissa: number, exponent: number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  // 2^1024 is no double. The logarithm may be off by one.
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
  let mantissa = x * 2 ** -exponent;
  for (; Math.abs(mantissa) < 0.5; exponent--) mantissa *= 2;
  for (; Math.abs(mantissa) >= 1; exponent++) mantissa /= 2;
  return [mantissa, exponent];
}
