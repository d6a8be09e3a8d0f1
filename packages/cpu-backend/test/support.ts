import {
  type DType,
  dtypes,
  type Expr,
  isFloat,
  itemSize,
  numel,
  type Shape,
  type Strided,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";

export type Scalar = number | bigint;

/** The dtypes a CPU has. */
export const cpuDTypes: readonly DType[] = dtypes.filter((dtype) => cpu.supports(dtype));
export const floats: readonly DType[] = ["float32", "float64"];
export const anyDType: fc.Arbitrary<DType> = fc.constantFrom(...cpuDTypes);

/** Shapes of up to `maxDims` dimensions, sizes from `min`; small, with ones and zeros. */
export function shapes(min: number = 0, maxDims: number = 4): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min, max: 5 }), { maxLength: maxDims });
}

/** Every index of a shape in row-major order. */
export function* indices(shape: Shape): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let n = numel(shape); n > 0; n--) {
    yield [...index];
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
}

/** A value as an element of a dtype, converted as the contract says. Written apart from the device's own code. */
export function convert(value: Scalar, dtype: DType): Scalar {
  if (dtype === "bool") return value !== 0 && value !== 0n ? 1 : 0;
  if (dtype === "float64") return Number(value);
  if (dtype === "float32") return Math.fround(Number(value));
  if (dtype === "float16") return toHalf(Number(value), 10, -14);
  if (dtype === "bfloat16") return toHalf(Number(value), 7, -126);
  let integer: bigint;
  if (typeof value === "bigint") integer = value;
  else if (dtype === "int64") {
    integer = Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
  } else if (dtype === "int32" || dtype === "int16" || dtype === "int8") {
    integer = Math.abs(value) < 2 ** 31 ? BigInt(Math.trunc(value)) : -(2n ** 31n);
  } else integer = Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
  if (dtype === "int64") return BigInt.asIntN(64, integer);
  const bits = 8 * itemSize(dtype);
  return Number(dtype === "uint8" ? BigInt.asUintN(bits, integer) : BigInt.asIntN(bits, integer));
}

/** The value nearest to a float32 with so many digits behind the first, ties to even, whose exponents start at `least`. */
function toHalf(value: number, digits: number, least: number): number {
  const x = Math.fround(value);
  if (x === 0 || !Number.isFinite(x)) return x;
  let exponent = least;
  while (Math.abs(x) >= 2 ** (exponent + 1)) exponent++;
  const unit = 2 ** (exponent - digits);
  const units = x / unit;
  const below = Math.floor(units);
  const up = units - below > 0.5 || (units - below === 0.5 && below % 2 !== 0);
  const rounded = (up ? below + 1 : below) * unit;
  if (Math.abs(rounded) >= 2 ** (digits === 10 ? 16 : 128)) return Math.sign(x) * Infinity;
  return rounded === 0 && x < 0 ? -0 : rounded;
}

/** The value of the bits of a 16-bit float: the sign, then the exponent, then `digits` of the fraction. */
function valueOfBits(bits: number, digits: number): number {
  const largest = 2 ** (15 - digits) - 1;
  const exponent = (bits >> digits) & largest;
  const fraction = (bits & (2 ** digits - 1)) * 2 ** -digits;
  const bias = (largest - 1) / 2;
  const size =
    exponent === largest
      ? fraction === 0
        ? Infinity
        : NaN
      : exponent === 0
        ? fraction * 2 ** (1 - bias)
        : (1 + fraction) * 2 ** (exponent - bias);
  return bits & 0x8000 ? -size : size;
}

const DIGITS: { readonly [dtype in DType]?: number } = { float16: 10, bfloat16: 7 };
const BITS = new Map(
  Object.entries(DIGITS).map(([dtype, digits]) => [
    dtype,
    new Map(Array.from({ length: 0x8000 }, (_, bits) => [valueOfBits(bits, digits), bits])),
  ]),
);

/** What a storage holds for a value: the value, or the bits of a 16-bit float. */
function stored(value: Scalar, dtype: DType): Scalar {
  const bits = BITS.get(dtype);
  if (bits === undefined || typeof value === "bigint") return value;
  const size = bits.get(Math.abs(value)) as number;
  return value < 0 || Object.is(value, -0) ? size | 0x8000 : size;
}

/** How an operand lies in its storage: the order of its dimensions, gaps, an offset, dimensions that repeat. */
export interface Layout {
  readonly order: number;
  readonly gap: number;
  readonly offset: number;
  readonly repeat: number;
}

/** Row-major, from the beginning of the storage. */
export const PLAIN: Layout = { order: 0, gap: 1, offset: 0, repeat: 0 };

export const layouts: fc.Arbitrary<Layout> = fc.oneof(
  fc.constant(PLAIN),
  fc.record({
    order: fc.nat(23),
    gap: fc.integer({ min: 1, max: 3 }),
    offset: fc.nat(3),
    repeat: fc.constant(0),
  }),
);
/** Layouts for reading may also repeat elements (bits of `repeat` are dimensions). */
export const readLayouts: fc.Arbitrary<Layout> = fc.oneof(
  layouts,
  fc.record({ order: fc.nat(23), gap: fc.constant(1), offset: fc.nat(3), repeat: fc.nat(15) }),
);

/** An operand of a shape and layout with undefined contents (zeros). */
export function empty(dtype: DType, shape: Shape, layout: Layout): Strided {
  const dims = shape.map((_, d) => d);
  const order: number[] = [];
  let code = layout.order;
  while (dims.length > 0) {
    order.push(...dims.splice(code % dims.length, 1));
    code = Math.floor(code / 3);
  }
  const strides = shape.map(() => 0);
  let step = layout.gap;
  for (const d of order.reverse()) {
    if ((layout.repeat >> d) & 1) continue;
    strides[d] = step;
    step *= Math.max(shape[d], 1);
  }
  const storage = cpu.upload(dtype, typedArray(dtype, step + layout.offset));
  return { storage, dtype, shape, strides, offset: layout.offset };
}

function place(operand: Strided, index: readonly number[]): number {
  return index.reduce((at, i, d) => at + i * operand.strides[d], operand.offset);
}

/** An operand that holds values given in row-major order (the last one wins where elements repeat). */
export function operand(dtype: DType, shape: Shape, values: readonly Scalar[], layout: Layout): Strided {
  const made = empty(dtype, shape, layout);
  const data = (made.storage as unknown as { data: TypedArray }).data as unknown as Scalar[];
  let k = 0;
  for (const index of indices(shape))
    data[place(made, index)] = stored(convert(values[k++ % values.length], dtype), dtype);
  return made;
}

/** The element at an index, found by the definition of strides. */
export function element(source: Strided, index: readonly number[]): Scalar {
  const held = (source.storage as unknown as { data: TypedArray }).data[place(source, index)];
  const digits = DIGITS[source.dtype];
  return digits === undefined ? held : valueOfBits(held as number, digits);
}

/** All elements in row-major order. */
export function read(source: Strided): Scalar[] {
  return [...indices(source.shape)].map((index) => element(source, index));
}

/** The element that broadcasts to an index of a larger shape. */
export function broadcastElement(source: Strided, index: readonly number[]): Scalar {
  const own = index.slice(index.length - source.shape.length);
  return element(
    source,
    own.map((i, d) => (source.shape[d] === 1 ? 0 : i)),
  );
}

const FLOATS = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.75, 1e-30, 1e30, Infinity, -Infinity, NaN];
const INTS = [0, 1, -1, 2, 3, -3, 7, 100, 255, 256, -128, 2147483647, -2147483648, 65537];
const BIGS = [...INTS.map(BigInt), 2n ** 63n - 1n, -(2n ** 63n), 2n ** 40n + 3n];

/** Values of a dtype: edge cases and ordinary ones. */
export function valuesOf(dtype: DType): fc.Arbitrary<Scalar[]> {
  const options = { minLength: 1, maxLength: 40 };
  if (dtype === "int64") {
    const any = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
    return fc.array(fc.oneof(fc.constantFrom(...BIGS), fc.bigInt(-20n, 20n), any), options);
  }
  if (isFloat(dtype)) {
    return fc.array(
      fc
        .oneof(fc.constantFrom(...FLOATS), fc.double({ min: -8, max: 8, noNaN: true }))
        .map((x) => convert(x, dtype)),
      options,
    );
  }
  return fc.array(
    fc.oneof(fc.constantFrom(...INTS), fc.integer({ min: -20, max: 20 })).map((x) => convert(x, dtype)),
    options,
  );
}

/** A shape and, broadcasting to it, other shapes: some dimensions one, some leading ones left out. */
export function broadcastable(shape: Shape): fc.Arbitrary<number[]> {
  return fc
    .tuple(fc.nat(15), fc.nat(shape.length))
    .map(([ones, cut]) =>
      shape.map((size, d) => ((ones >> d) & 1 ? 1 : size)).slice(Math.min(cut, shape.length)),
    );
}

/** What an expression means, element by element, rounding each result to the compute dtype; 16-bit floats to float32. */
export function evaluate(
  expr: Expr,
  compute: DType,
  inputs: readonly Scalar[],
  params: readonly Scalar[],
): Scalar {
  if (compute in DIGITS) {
    const held = (x: Scalar): Scalar => (expr.kind === "input" ? x : convert(x, compute));
    return evaluate(expr, "float32", inputs.map(held), params.map(held));
  }
  const go = (e: Expr): Scalar => evaluate(e, compute, inputs, params);
  switch (expr.kind) {
    case "input":
      return convert(inputs[expr.index], compute);
    case "param":
      return convert(params[expr.index], compute);
    case "const":
      return convert(expr.value, compute);
    case "select":
      return Number(go(expr.condition)) !== 0 ? go(expr.a) : go(expr.b);
    case "unary":
      return isFloat(compute)
        ? convert(floatUnary(expr.fn, go(expr.a) as number), compute)
        : integer(bigUnary(expr.fn, BigInt(go(expr.a)), compute), compute);
    case "binary":
      return isFloat(compute)
        ? convert(floatBinary(expr.fn, go(expr.a) as number, go(expr.b) as number, compute), compute)
        : integer(bigBinary(expr.fn, BigInt(go(expr.a)), BigInt(go(expr.b))), compute);
  }
}

function integer(value: bigint, dtype: DType): Scalar {
  return convert(value, dtype);
}

function floatUnary(fn: string, x: number): number {
  switch (fn) {
    case "neg":
      return -x;
    case "sign":
      return x > 0 ? 1 : x < 0 ? -1 : 0;
    case "round": {
      if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
      const below = Math.floor(x);
      const up = x - below > 0.5 || (x - below === 0.5 && below % 2 !== 0);
      const r = up ? below + 1 : below;
      return r === 0 && (x < 0 || Object.is(x, -0)) ? -0 : r;
    }
    default:
      return (Math as unknown as Record<string, (x: number) => number>)[fn](x);
  }
}

function floatBinary(fn: string, a: number, b: number, dtype: DType): number {
  switch (fn) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return a / b;
    case "truncdiv":
      return Math.trunc(convert(a / b, dtype) as number);
    case "fmod":
      return a % b;
    case "mod": {
      const r = a % b;
      return r !== 0 && Math.sign(r) === -Math.sign(b) ? r + b : r;
    }
    case "pow":
      return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
    case "atan2":
      return Math.atan2(a, b);
    case "min":
      return Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.min(a, b);
    case "max":
      return Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.max(a, b);
    default:
      return compare(fn, a, b);
  }
}

function compare(fn: string, a: Scalar, b: Scalar): number {
  const results: Record<string, boolean> = {
    eq: a === b,
    ne: a !== b,
    lt: a < b,
    le: a <= b,
    gt: a > b,
    ge: a >= b,
  };
  if (!(fn in results)) throw new Error(`no reference for ${fn}`);
  return results[fn] ? 1 : 0;
}

function bigUnary(fn: string, x: bigint, dtype: DType): bigint {
  switch (fn) {
    case "neg":
      return -x;
    case "abs":
      return x < 0n ? -x : x;
    case "sign":
      return x > 0n ? 1n : x < 0n ? -1n : 0n;
    case "bitnot":
      return dtype === "bool" ? 1n - x : ~x;
    default:
      return x;
  }
}

function bigBinary(fn: string, a: bigint, b: bigint): bigint {
  const floor = (): bigint => (a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b);
  switch (fn) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "truncdiv":
      return b === 0n ? 0n : a / b;
    case "floordiv":
      return b === 0n ? 0n : floor();
    case "mod":
      return b === 0n ? 0n : a - b * floor();
    case "fmod":
      return b === 0n ? 0n : a % b;
    case "pow": {
      let result = 1n;
      if (b < 0n) return a === 1n ? 1n : a === -1n ? (b % 2n === 0n ? 1n : -1n) : 0n;
      // Squaring modulo 2^64, from the exponent's highest bit down.
      for (const bit of b.toString(2)) {
        result = BigInt.asIntN(64, result * result);
        if (bit === "1") result = BigInt.asIntN(64, result * a);
      }
      return result;
    }
    case "min":
      return a < b ? a : b;
    case "max":
      return a > b ? a : b;
    case "bitand":
      return a & b;
    case "bitor":
      return a | b;
    case "bitxor":
      return a ^ b;
    default:
      return BigInt(compare(fn, a, b));
  }
}
