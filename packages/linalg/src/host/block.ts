/*
 * Matrices on the host: row-major elements in double precision, and rectangles of them.
 */
import { backendOf, Tensor } from "@flambeau/tensor";

/** A rectangle of a matrix; writing to it writes to the matrix. */
export interface Block {
  readonly data: Float64Array;
  /** Where its first element lies. */
  readonly start: number;
  /** How far apart its rows are. */
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

/** A whole matrix. */
export function blockOf(data: Float64Array, rows: number, columns: number): Block {
  return { data, start: 0, stride: columns, rows, columns };
}

/** A rectangle of a rectangle. */
export function partOf(a: Block, row: number, column: number, rows: number, columns: number): Block {
  return { data: a.data, start: a.start + row * a.stride + column, stride: a.stride, rows, columns };
}

/** The elements of a rectangle, as a matrix of its own. */
export function packed({ data, start, stride, rows, columns }: Block): Float64Array {
  if (stride === columns) return data.slice(start, start + rows * columns);
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    out.set(data.subarray(start + i * stride, start + i * stride + columns), i * columns);
  return out;
}

/** The transposed elements, as a matrix of its own. */
export function transposed({ data, start, stride, rows, columns }: Block): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = data[start + i * stride + j];
  }
  return out;
}

/** Overwrites a rectangle with the transposed elements of a matrix. */
export function setTransposed({ data, start, stride, rows, columns }: Block, from: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[start + i * stride + j] = from[j * rows + i];
  }
}

/** The identity. */
export function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

/** Multiplications from which on the kernel of the CPU is worth its copies. */
const MANY = 40_000;

/** c <- c - a b. */
export function subtractProduct(c: Block, a: Block, b: Block): void {
  const { rows: m, columns: k } = a;
  const n = b.columns;
  if (m * n * k >= MANY) {
    const product = productByKernel(packed(a), packed(b), m, k, n);
    for (let i = 0; i < m; i++) {
      const row = c.start + i * c.stride;
      for (let j = 0; j < n; j++) c.data[row + j] -= product[i * n + j];
    }
    return;
  }
  for (let i = 0; i < m; i++) {
    const row = c.start + i * c.stride;
    for (let l = 0; l < k; l++) {
      const factor = a.data[a.start + i * a.stride + l];
      if (factor === 0) continue;
      const other = b.start + l * b.stride;
      for (let j = 0; j < n; j++) c.data[row + j] -= factor * b.data[other + j];
    }
  }
}

/** The product of two matrices, m x k and k x n. */
export function product(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  if (m * n * k >= MANY) return productByKernel(a, b, m, k, n);
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const factor = a[i * k + l];
      for (let j = 0; j < n; j++) out[i * n + j] += factor * b[l * n + j];
    }
  }
  return out;
}

/** No op: hooks see the decomposition that it is a part of. */
function productByKernel(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const cpu = backendOf("cpu");
  const [x, y] = [new Tensor(cpu.upload("float64", a), [m, k]), new Tensor(cpu.upload("float64", b), [k, n])];
  const z = Tensor.empty(cpu, [m, n], "float64");
  cpu.matmul(x, y, z);
  const out = z.dataSync() as Float64Array;
  for (const used of [x, y, z]) cpu.release(used.storage);
  return out;
}
