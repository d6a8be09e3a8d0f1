/** Arguments for functions of float32, from all of its range. */

/** Where functions change, overflow or lose digits, and where lowerings go from one formula to another. */
const SPECIALS = [
  ...[0, 1, 2, 3, 10, 0.5, 1.5, 2.5, 1e-3, 1e-4, 1e-10, 1e8, 1e10, 1e20, 1e30, 1e38, Infinity],
  ...[2 ** -126, 2 ** -149, 2 ** -130, 3.4028234663852886e38, 16777216, 8388607.5, 8388608],
  ...[88.72283, 88.72284, 89, 103.97, 104, 87.33, 0.625, 0.927734375, 0.34, 0.1, 9, 10.05, 14, 18, 40],
  ...[2 ** -10, 2 ** 27, 2 ** 27 + 16, 2 ** 28, 2 ** 31, 2 ** 32, 1600, 4096],
  ...[1 / 4, 1 / 2, 1, 2, 1000, 1e6].map((turns) => turns * Math.PI),
  ...[0.99999994, 1.0000001, Math.SQRT1_2, Math.SQRT2, 2.4142137, 0.41421357, 4.1, 3.92, 6.25],
  ...[0.84375, 1.25, 2.857143, 0.25, 0.7, 0.99],
].flatMap((x) => [Math.fround(x), Math.fround(-x)]);

const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

function float32(pattern: number): number {
  bits[0] = pattern;
  return asFloat[0];
}

/**
 * Numbers spread evenly over all bit patterns, more of them where functions change, and special ones with neighbours;
 * of all but these one in `every`.
 */
export function samples(every: number = 1): Float32Array {
  const list: number[] = [NaN];
  for (const x of SPECIALS) {
    asFloat[0] = x;
    const [pattern] = bits;
    for (let step = -3; step <= 3; step++) list.push(float32(pattern + step));
  }
  for (let pattern = 0; pattern < 2 ** 32; pattern += 65521 * every) list.push(float32(pattern));
  for (let i = 0; i < 60_000; i += every) list.push(-120 + i * 0.004 + 1e-5);
  for (let i = 0; i < 40_000; i += every) list.push(-2 + i * 0.0001 + 3e-7);
  return Float32Array.from(list);
}

/** Special values with each other, samples with distant samples, and what powers and remainders are taken of. */
export function pairsOf(x: Float32Array, every: number = 1): [Float32Array, Float32Array] {
  const a: number[] = [];
  const b: number[] = [];
  const add = (p: number, q: number): void => {
    a.push(p);
    b.push(q);
  };
  for (const p of [...SPECIALS, NaN]) for (const q of [...SPECIALS, NaN]) add(p, q);
  for (let i = 0; i < x.length; i += every) add(x[i], x[(i * 7919 + 13) % x.length]);
  for (let i = 0; i < 50_000; i += every) add(((i * 37) % 1000) / 100 + 0.001, ((i * 71) % 997) / 50 - 10);
  for (let i = 0; i < 20_000; i++) add(((i * 37) % 1000) - 500, ((i * 71) % 41) - 20);
  return [Float32Array.from(a), Float32Array.from(b)];
}
