/** The cosine and sine that turn (f, g) into (r, 0), as LAPACK's dlartg. */
export function rotationOf(f: number, g: number): readonly [c: number, s: number, r: number] {
  if (g === 0) return [1, 0, f];
  if (f === 0) return [0, Math.sign(g), Math.abs(g)];
  const r = Math.hypot(f, g) * Math.sign(f);
  return [f / r, g / r, r];
}
