/** A whole number with commas between thousands: 1,234,567. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Two decimals as Python rounds them: a tie, which only multiples of 1/8 can be, goes to the even digit. */
export function twoDecimals(x: number): string {
  if (!Number.isInteger(x * 8) || Number.isInteger(x * 4)) return x.toFixed(2);
  const below = Math.floor(x * 100);
  return ((below % 2 === 0 ? below : below + 1) / 100).toFixed(2);
}

/** A list as Python prints it: [-1, 3]. */
export function listText(sizes: readonly number[]): string {
  return `[${sizes.join(", ")}]`;
}

/** The product of sizes without its sign: the -1 that stands for the batch counts as one. */
export function product(sizes: readonly number[]): number {
  return Math.abs(sizes.reduce((a, b) => a * b, 1));
}
