/** Lanes of `i8x16.shuffle` that take 32-bit lanes of two vectors. */
export function words(...lanes: number[]): number[] {
  return lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
}
