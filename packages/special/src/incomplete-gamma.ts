/** The incomplete gamma functions and Hurwitz's zeta function. */
import { derived } from "@flambeau/autograd";
import { AutogradError, DTypeError, isFloat } from "@flambeau/backend";
import { type Callable, callable, type Operand, resultType, type Tensor } from "@flambeau/tensor";
import { gammaln } from "./gamma.ts";
import { gammainccOf, gammaincOf } from "./incomplete-gamma-values.ts";
import { joined, mapOnHost, nodeOf } from "./on-host.ts";
import { zeta as zetaOf } from "./zeta-values.ts";

function refuseGradient(name: string): never {
  throw new AutogradError(`${name} has no derivative with respect to input`);
}

function incomplete(
  name: "gammainc" | "gammaincc",
  node: string,
  f: (a: number, x: number) => number,
  input: Tensor,
  other: Tensor,
): Tensor {
  const dtype = resultType([input, other]);
  if (!isFloat(dtype)) throw new DTypeError(`${name}: it takes floats; got ${dtype}`);
  const [out] = derived(
    {
      name: node,
      readsInputs: true,
      run: ([a, x]) => [mapOnHost(f, a, x)],
      backward: ({ grads: [g], inputs: [a, x], needs }) => {
        if (needs[0]) refuseGradient(name);
        const density = x.log().mul(a.sub(1)).sub(x).sub(gammaln(a)).exp();
        const slope = (g as Tensor).mul(density);
        return [null, name === "gammainc" ? slope : slope.neg()];
      },
    },
    ...joined(name, input, other),
  );
  return out;
}

const GAMMAINC = "gammainc(input, other: tensor)";

/**
 * The lower incomplete gamma function of `input` at `other`, as a part of the complete one: the integral of `t^(a - 1) e^-t` from 0 to x over
 * `gamma(a)`. Shapes broadcast; there is a gradient of `other` alone.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when both are integers. A backward pass that needs the gradient of `input`
 *   throws an AutogradError.
 *
 * @example
 * ```ts
 * import { gammainc } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(gammainc(tensor([1, 2]), tensor([1, 1]))));
 * // tensor([0.6321, 0.2642])
 * ```
 */
export const gammainc: Callable<typeof GAMMAINC, Tensor> = callable(GAMMAINC, (a, x) =>
  incomplete("gammainc", "Igamma", gammaincOf, a, x),
);

const GAMMAINCC = "gammaincc(input, other: tensor)";

/**
 * The upper incomplete gamma function of `input` at `other`, as a part of the complete one: `1 - gammainc(input, other)`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when both are integers. A backward pass that needs the gradient of `input`
 *   throws an AutogradError.
 *
 * @example
 * ```ts
 * import { gammaincc } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(gammaincc(tensor([1, 2]), tensor([1, 1]))));
 * // tensor([0.3679, 0.7358])
 * ```
 */
export const gammaincc: Callable<typeof GAMMAINCC, Tensor> = callable(GAMMAINCC, (a, x) =>
  incomplete("gammaincc", "Igammac", gammainccOf, a, x),
);

const ZETA = "zeta(input: operand, other)";

/**
 * Hurwitz's zeta function: the sum of `(other + k)^-input` over k from 0. Shapes broadcast; integers give the default float; there is a gradient
 * of `other` alone.
 *
 * @throws ShapeError when the shapes do not broadcast. A backward pass that needs the gradient of `input` throws an AutogradError.
 *
 * @example
 * ```ts
 * import { zeta } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(zeta(tensor([2, 4]), 1)));
 * // tensor([1.6449, 1.0823])
 * ```
 */
export const zeta: Callable<typeof ZETA, Tensor> = callable(ZETA, zetaAt);

function zetaAt(input: Operand, other: Operand): Tensor {
  const [out] = derived(
    {
      name: nodeOf("SpecialZeta", input, other),
      readsInputs: true,
      run: ([s, q]) => [mapOnHost(zetaOf, s, q)],
      backward: ({ grads: [g], inputs: [s, q], needs }) => {
        if (needs[0]) refuseGradient("zeta");
        return [null, (g as Tensor).mul(s.neg()).mul(zetaAt(s.add(1), q))];
      },
    },
    ...joined("zeta", input, other),
  );
  return out;
}
