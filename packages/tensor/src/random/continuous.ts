import { quote } from "@flambeau/backend";
import { checkArgument, checkFloat, type FloatArray } from "./check.ts";
import { fma64 } from "./fma.ts";
import type { Generator } from "./generator.ts";
import { eachUniform53 } from "./streams.ts";

/**
 * Fills an array with samples of the exponential distribution with rate `lambd`: `exponential_`. The samples are drawn
 * in float64 whatever the dtype. Source: PyTorch 1.13, `transformation::exponential`, the build without MKL.
 *
 * @throws DTypeError when the array holds integers.
 * @throws ValueError when `lambd` is negative or NaN.
 */
export function exponential(generator: Generator, out: FloatArray, lambd: number = 1): void {
  checkFloat("exponential", out);
  checkArgument(lambd >= 0, `exponential needs lambd >= 0, but got ${quote(lambd)}`);
  const scale = -1 / lambd;
  eachUniform53(generator, out.length, (uniform, start) => {
    for (let i = 0; i < uniform.length; i++) out[start + i] = scale * Math.log(1 - uniform[i]);
  });
}

/**
 * Fills an array with samples of the Cauchy distribution: `cauchy_`.
 * Source: PyTorch 1.13, `transformation::cauchy`.
 *
 * @throws DTypeError when the array holds integers.
 */
export function cauchy(generator: Generator, out: FloatArray, median: number = 0, sigma: number = 1): void {
  checkFloat("cauchy", out);
  for (let i = 0; i < out.length; i++) {
    out[i] = fma64(sigma, Math.tan(Math.PI * (generator.uniform53() - 0.5)), median);
  }
}
