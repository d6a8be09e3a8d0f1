/** The gamma function's logarithm and its derivatives. */
import { derived } from "@flambeau/autograd";
import { DTypeError, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { digammaOf, logGamma, polygammaOf } from "./gamma-values.ts";
import { mapOnHost } from "./on-host.ts";

const GAMMALN = "gammaln(input)";

/**
 * `log(|gamma(x)|)`, elementwise; infinite at 0, -1, -2, ... Integers give the default float.
 *
 * @example
 * ```ts
 * import { gammaln } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(gammaln(tensor([1, 5]))));
 * // tensor([0.0000, 3.1781])
 * ```
 */
export const gammaln: Callable<typeof GAMMALN, Tensor> = callable(GAMMALN, (input) => {
  const [out] = derived(
    {
      name: "Lgamma",
      readsInputs: true,
      run: ([x]) => [mapOnHost(logGamma, x)],
      backward: ({ grads: [g], inputs: [x] }) => [(g as Tensor).mul(digamma(x))],
    },
    input,
  );
  return out;
});

const DIGAMMA = "digamma(input)";

/**
 * The derivative of `gammaln`, elementwise; nan at -1, -2, ... Integers give the default float.
 *
 * @example
 * ```ts
 * import { digamma } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(digamma(tensor([1, 0.5]))));
 * // tensor([-0.5772, -1.9635])
 * ```
 */
export const digamma: Callable<typeof DIGAMMA, Tensor> = callable(DIGAMMA, (input) =>
  derivativeAt(0, input, "Digamma"),
);

const POLYGAMMA = "polygamma(n: int, input)";

/**
 * The `n`-th derivative of `digamma`, elementwise: `digamma` itself for 0. Integers give the default float.
 *
 * @throws ValueError when `n` is negative or has a fraction.
 *
 * @example
 * ```ts
 * import { polygamma } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(polygamma(1, tensor([1, 0.5]))));
 * // tensor([1.6449, 4.9348])
 * ```
 */
export const polygamma: Callable<typeof POLYGAMMA, Tensor> = callable(POLYGAMMA, (n, input) => {
  if (!Number.isInteger(n) || n < 0)
    throw new ValueError(`polygamma: n is an integer of at least 0; got ${quote(n)}`);
  return derivativeAt(n, input, "Polygamma");
});

function derivativeAt(order: number, input: Tensor, name: string): Tensor {
  const [out] = derived(
    {
      name,
      readsInputs: true,
      run: ([x]) => [mapOnHost(order === 0 ? digammaOf : (value) => polygammaOf(order, value), x)],
      backward: ({ grads: [g], inputs: [x] }) => [(g as Tensor).mul(derivativeAt(order + 1, x, "Polygamma"))],
    },
    input,
  );
  return out;
}

const MULTIGAMMALN = "multigammaln(input, p: int)";

/**
 * The logarithm of the multivariate gamma function of dimension `p`, elementwise: the sum of `gammaln(x - j / 2)` for j from 0 to `p - 1`, and
 * `p (p - 1) log(pi) / 4`. Integers give the default float.
 *
 * @throws ValueError when `p` is below 1 or has a fraction; DTypeError for bools.
 *
 * @example
 * ```ts
 * import { multigammaln } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(multigammaln(tensor([3, 4]), 2)));
 * // tensor([1.5502, 3.5651])
 * ```
 */
export const multigammaln: Callable<typeof MULTIGAMMALN, Tensor> = callable(MULTIGAMMALN, (input, p) => {
  if (!Number.isInteger(p) || p < 1)
    throw new ValueError(`multigammaln: p is an integer of at least 1; got ${quote(p)}`);
  if (input.dtype === "bool") throw new DTypeError("multigammaln: it takes numbers, not bool tensors");
  const constant = (p * (p - 1) * Math.log(Math.PI)) / 4;
  const [out] = derived(
    {
      name: "Mvlgamma",
      readsInputs: true,
      run: ([x]) => [mapOnHost((value) => constant + sumOfHalves(p, value, logGamma), x)],
      backward: ({ grads: [g], inputs: [x] }) => {
        let slope = digamma(x);
        for (let j = 1; j < p; j++) slope = slope.add(digamma(x.sub(j / 2)));
        return [(g as Tensor).mul(slope)];
      },
    },
    input,
  );
  return out;
});

function sumOfHalves(p: number, x: number, f: (x: number) => number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) sum += f(x - j / 2);
  return sum;
}
