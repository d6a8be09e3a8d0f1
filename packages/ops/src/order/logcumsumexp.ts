/** Running sums of exponentials, as logarithms. */

import { derived } from "@flambeau/autograd";
import { DTypeError, isFloat, normalizeDim } from "@flambeau/backend";
import { type Callable, callable, computeOnHost, exp, isinf, Tensor } from "@flambeau/tensor";
import { lanesOf } from "./host.ts";

const LOGCUMSUMEXP = "logcumsumexp(input, dim)";

/**
 * `log(cumsum(exp(x), dim))` without overflow, in double precision on the CPU whatever the device.
 *
 * @throws IndexError when there is no such dimension; DTypeError for integers.
 *
 * @example
 * ```ts
 * import { logcumsumexp } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logcumsumexp(tensor([0, 0, 1000]), 0)));
 * // tensor([0.0000e+00, 6.9315e-01, 1.0000e+03])
 * ```
 */
export const logcumsumexp: Callable<typeof LOGCUMSUMEXP, Tensor> = callable(LOGCUMSUMEXP, (input, dim) => {
  if (!isFloat(input.dtype)) throw new DTypeError(`logcumsumexp needs floats; got ${input.dtype}`);
  const d = normalizeDim(dim, input.ndim);
  const [out] = derived(
    {
      name: "Logcumsumexp",
      readsInputs: true,
      run: ([x]) => [runningSums(x, d)],
      // x[i] is in every y[j] from j = i on, with the weight exp(x[i] - y[j]) = exp(x[i] - y[i]) exp(y[i] - y[j]). No factor exceeds 1.
      backward: ({ grads: [g], inputs: [x], outputs: [y] }) => {
        const ahead = x.ndim === 0 ? (g as Tensor) : recurrence(g as Tensor, stepsDown(y, d), d, true);
        return [exp(x.sub(y)).mul(ahead)];
      },
    },
    input,
  );
  return out;
});

function runningSums(x: Tensor, dim: number): Tensor {
  const out = Tensor.empty(x.storage.backend, x.shape, x.dtype);
  const { count, size, step, start } = lanesOf(x.shape, dim);
  computeOnHost([x], [out], ([values], [sums]) => {
    for (let lane = 0; lane < count; lane++) {
      let sum = Number.NEGATIVE_INFINITY;
      for (let i = 0, p = start(lane); i < size; i++, p += step) {
        sum = logAddExp(sum, values[p]);
        sums[p] = sum;
      }
    }
  });
  return out;
}

function logAddExp(a: number, b: number): number {
  // The difference of equal infinities is nan.
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** `exp(y[i] - y[i + 1])`, one less along the dimension; 1 between equal infinities. */
function stepsDown(y: Tensor, dim: number): Tensor {
  const count = y.shape[dim] - 1;
  if (count < 1) return y.narrow(dim, 0, 0);
  const [before, after] = [y.narrow(dim, 0, count), y.narrow(dim, 1, count)];
  const same = before.detach().eq(after.detach()).logicalAnd(isinf(after.detach()));
  return exp(before.sub(after).maskedFill(same, 0));
}

/**
 * `t[i] = g[i] + a[i] t[i + 1]` along a dimension, from the last element to the first; or, the other way round,
 * `t[i + 1] = g[i + 1] + a[i] t[i]`. Either is the adjoint of the other.
 *
 * @param a - one element less along the dimension.
 */
function recurrence(g: Tensor, a: Tensor, dim: number, isReversed: boolean): Tensor {
  const [out] = derived(
    {
      name: "Recurrence",
      readsInputs: true,
      run: ([first, factors]) => [recur(first, factors, dim, isReversed)],
      backward: ({ grads: [u], inputs: [first, factors], outputs: [t], needs }) => {
        const back = recurrence(u as Tensor, factors, dim, !isReversed);
        const count = first.shape[dim] - 1;
        if (!needs[1]) return [back, null];
        if (count < 1) return [back, factors];
        const [mine, others] = isReversed ? [0, 1] : [1, 0];
        return [back, back.narrow(dim, mine, count).mul(t.narrow(dim, others, count))];
      },
    },
    g,
    a,
  );
  return out;
}

function recur(g: Tensor, a: Tensor, dim: number, isReversed: boolean): Tensor {
  const out = Tensor.empty(g.storage.backend, g.shape, g.dtype);
  const lanes = lanesOf(g.shape, dim);
  const links = lanesOf(a.shape, dim);
  const { size, step } = lanes;
  computeOnHost([g, a], [out], ([first, factors], [results]) => {
    for (let lane = 0; lane < lanes.count; lane++) {
      const [to, from] = [lanes.start(lane), links.start(lane)];
      for (let k = 0; k < size; k++) {
        const i = isReversed ? size - 1 - k : k;
        const [before, link] = isReversed ? [i + 1, i] : [i - 1, i - 1];
        const carried = k === 0 ? 0 : factors[from + link * step] * results[to + before * step];
        results[to + i * step] = first[to + i * step] + carried;
      }
    }
  });
  return out;
}
