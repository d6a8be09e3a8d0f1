/** The gamma function and its derivatives. */
import { derived } from "@flambeau/autograd";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { digammaOf, logGamma, polygammaOf } from "./gamma-values.ts";
import { mapOnHost } from "./on-host.ts";

const LGAMMA = "lgamma(input)";

/**
 * `log(|gamma(x)|)`, elementwise.
 *
 * @example
 * ```ts
 * import { lgamma } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(lgamma(tensor([1, 5]))));
 * // tensor([0.0000, 3.1781])
 * ```
 */
export const lgamma: Callable<typeof LGAMMA, Tensor> = callable(LGAMMA, (input) => {
  const [out] = derived(
    {
      name: "Lgamma",
      readsInputs: true,
      run: ([x]) => [mapOnHost(x, logGamma)],
      backward: ({ grads: [g], inputs: [x] }) => [(g as Tensor).mul(digamma(x))],
    },
    input,
  );
  return out;
});

const DIGAMMA = "digamma(input)";

/**
 * The derivative of `lgamma`, elementwise.
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
export const digamma: Callable<typeof DIGAMMA, Tensor> = callable(DIGAMMA, (input) => polygammaAt(0, input));

/** The order is 0 for digamma. */
function polygammaAt(order: number, input: Tensor): Tensor {
  const [out] = derived(
    {
      name: order === 0 ? "Digamma" : "Polygamma",
      readsInputs: true,
      run: ([x]) => [mapOnHost(x, order === 0 ? digammaOf : (value) => polygammaOf(order, value))],
      backward: ({ grads: [g], inputs: [x] }) => [(g as Tensor).mul(polygammaAt(order + 1, x))],
    },
    input,
  );
  return out;
}
