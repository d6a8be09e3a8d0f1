import { type Tensor, where } from "@flambeau/tensor";

// Polynomials for the modified Bessel functions, below and above 3.75: Abramowitz and Stegun, "Handbook of Mathematical Functions"
// (1964), 9.8.1 to 9.8.4. They are good to 1e-7; PyTorch has the same.
const SMALL: readonly (readonly number[])[] = [
  [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813],
  [0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411],
];
const LARGE: readonly (readonly number[])[] = [
  [
    0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633,
    0.00392377,
  ],
  [
    0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555, 0.02282967, -0.02895312, 0.01787654,
    -0.00420059,
  ],
];

function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const last = coefficients.length - 1;
  let sum = x.mul(coefficients[last]).add(coefficients[last - 1]);
  for (let i = last - 2; i >= 0; i--) sum = x.mul(sum).add(coefficients[i]);
  return sum;
}

/** The logarithm of the modified Bessel function of the first kind, of order 0 or 1, of positive numbers. */
export function logBessel(x: Tensor, order: 0 | 1): Tensor {
  const ratio = x.div(3.75);
  let small = polynomial(ratio.mul(ratio), SMALL[order]);
  if (order === 1) small = x.abs().mul(small);
  const large = x.sub(x.log().mul(0.5)).add(polynomial(x.reciprocal().mul(3.75), LARGE[order]).log());
  return where(x.lt(3.75), small.log(), large);
}
