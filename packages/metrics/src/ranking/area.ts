/** The area under a curve by the trapezoidal rule. */
export function area(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let total = 0;
  for (let i = 1; i < x.length; i++) total += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return total;
}
