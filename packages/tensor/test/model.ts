/** A tensor as it is explained to a beginner: a shape and a flat list of elements. Slow, and hard to get wrong. */
export interface Model<E = number> {
  readonly shape: readonly number[];
  readonly elements: readonly E[];
}

export function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Every position of a shape, in row-major order. */
export function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((p) => Array.from({ length: size }, (_, i) => [...p, i])),
    [[]],
  );
}

export function elementAt<E>(x: Model<E>, position: readonly number[]): E {
  return x.elements[position.reduce((at, p, d) => at * x.shape[d] + p, 0)];
}

/** The model whose element at each position of `shape` is that of `x` at `from(position)`. */
export function pick<E>(x: Model<E>, shape: readonly number[], from: (p: number[]) => number[]): Model<E> {
  return { shape, elements: positions(shape).map((p) => elementAt(x, from(p))) };
}

export function permuted<E>(x: Model<E>, dims: readonly number[]): Model<E> {
  const shape = dims.map((d) => x.shape[d]);
  return pick(x, shape, (p) => x.shape.map((_, d) => p[dims.indexOf(d)]));
}

export function sliced<E>(x: Model<E>, dim: number, start: number, stop: number, step: number): Model<E> {
  const kept: number[] = [];
  for (let i = start; i < stop; i += step) kept.push(i);
  const shape = x.shape.map((size, d) => (d === dim ? kept.length : size));
  return pick(x, shape, (p) => p.map((i, d) => (d === dim ? kept[i] : i)));
}

export function selected<E>(x: Model<E>, dim: number, index: number): Model<E> {
  const shape = x.shape.filter((_, d) => d !== dim);
  return pick(x, shape, (p) => [...p.slice(0, dim), index, ...p.slice(dim)]);
}

/** Aligned at the end, sizes of one repeated. */
export function expanded<E>(x: Model<E>, shape: readonly number[]): Model<E> {
  const lead = shape.length - x.shape.length;
  return pick(x, shape, (p) => x.shape.map((size, d) => (size === 1 ? 0 : p[lead + d])));
}

export function reshaped<E>(x: Model<E>, shape: readonly number[]): Model<E> {
  return { shape, elements: x.elements };
}

/** The shape that two broadcast to, or null. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] | null {
  const ndim = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let d = 0; d < ndim; d++) {
    const x = a[d - ndim + a.length] ?? 1;
    const y = b[d - ndim + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return null;
    out.push(x === 1 ? y : x);
  }
  return out;
}
