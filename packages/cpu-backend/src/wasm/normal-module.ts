import { ModuleBuilder } from "./codegen/assembler.ts";
import { Emitter, reachable } from "./codegen/emit.ts";
import { Graph, type Value, type ValueLike } from "./codegen/graph.ts";
import { f32x4, i32, i32x4, i64x2, v128 } from "./codegen/opcodes.ts";

/**
 * Turns `blocks` blocks of 16 uniform float32 into normal ones, in place: the first half of each gives the radii, the second the angles
 * (Box and Muller), `mean` and `std` at the end. Stops at a block that it cannot round right and returns its number, or `blocks`.
 */
export type NormalBlocks = (address: number, blocks: number, mean: number, std: number) => number;

const BLOCK_BYTES = 64;

/**
 * The module of `run: NormalBlocks`. It computes what PyTorch's AVX2 kernel does, bit by bit, where products are fused into sums.
 *
 * `fused` says that the relaxed multiply-add rounds once. Without it the sums are those of double precision, where the product of two
 * float32 is exact and the sum is rounded twice. The second rounding goes wrong only where the first ends midway between two float32: such
 * blocks, hardly ever one, are left to the caller.
 *
 * Source: PyTorch 1.13, `aten/src/ATen/native/cpu/avx_mathfun.h`, after S. L. Moshier's Cephes library (logf, sinf, cosf), whose
 * polynomials these are.
 */
export function normalModule(fused: boolean): Uint8Array<ArrayBuffer> {
  const g = new Graph(fused);
  const { results, midway } = transformOf(g, fused);
  const roots = [...results, midway];
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", false);
  const code = module.function(["i32", "i32", "f32", "f32"], ["i32"]);
  module.export("run", code);
  const [address, blocks, mean, std] = [0, 1, 2, 3];
  const done = code.local("i32");
  const doubtful = code.local("v128");
  const emitter = new Emitter(code, new Map());
  const values = reachable(roots);
  emitter.fixConstants(values);
  for (const leaf of values) {
    if (leaf.kind !== "leaf" || leaf.op !== "param") continue;
    code.get(leaf.immediate[0] === 0 ? mean : std).op(f32x4.splat);
    emitter.fix(leaf);
  }
  code.block(() => {
    code.loop(() => {
      code.get(done).get(blocks).op(i32.ge_s).brIf(1);
      emitter.body(
        roots,
        2,
        (leaf, copy) => code.get(address).memory(v128.load, 32 * leaf.immediate[0] + 16 * copy),
        ([cosine, sine, doubt], copy) => {
          code
            .get(address)
            .get(cosine)
            .memory(v128.store, 16 * copy);
          code
            .get(address)
            .get(sine)
            .memory(v128.store, 32 + 16 * copy);
          code.get(doubt);
          if (copy > 0) code.get(doubtful).op(v128.or);
          code.set(doubtful);
        },
      );
      code.get(doubtful).op(v128.any_true).brIf(1);
      code.advance(address, BLOCK_BYTES).advance(done, 1);
      code.br(0);
    });
  });
  code.get(done);
  return module.encode();
}

const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];
/** ln 2 in two parts: one with few bits, and what is left. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444e-4;
const FOUR_OVER_PI = 1.27323954473516;
/** Minus pi / 4: two parts with few bits, and what is left. */
const QUARTER_PI = [-0.78515625, -2.4187564849853516e-4];
const QUARTER_PI_REST = -3.774894977445941e-8;
const SINE = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];
const COSINE = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];

/** The normal samples of four pairs, by cosine and by sine, and a mask of the sums that lie midway. */
function transformOf(g: Graph, fused: boolean): { results: Value[]; midway: Value } {
  const f = g.f32;
  let midway = g.i32(0);
  /** `a * b + c`, rounded once. Where many sums lie midway exactly, `exact` keeps those from being doubted. */
  const fma = (a: ValueLike, b: ValueLike, c: ValueLike, exact = false): Value => {
    if (fused) return f.madd(a, b, c);
    return g.inDouble([f.value(a), f.value(b), f.value(c)], ([x, y, z]) => {
      const { add, sub, mul, ne } = g.f64;
      const product = mul(x, y);
      const sum = add(product, z);
      // What float32 has no bits for is half a unit of it.
      let doubt = g.op(
        i64x2.eq,
        g.op(v128.and, sum, g.words(0x1fffffff, 0, 0x1fffffff, 0)),
        g.words(0x10000000, 0, 0x10000000, 0),
      );
      if (exact) {
        // Knuth's two-sum.
        const part = sub(sum, product);
        const error = add(sub(product, sub(sum, part)), sub(z, part));
        doubt = g.op(v128.and, doubt, ne(error, 0));
      }
      midway = g.op(v128.or, midway, doubt);
      return sum;
    });
  };
  const horner = (x: Value, coefficients: readonly number[]): Value =>
    coefficients.slice(1).reduce<Value>((y, c) => fma(y, x, c), f.value(coefficients[0]));

  const log = (x: Value): Value => {
    const exponent = g.op(i32x4.sub, g.shift(i32x4.shr_u, x, 23), g.i32(126));
    const mantissa = g.op(v128.or, g.op(v128.and, x, g.i32(0x007fffff)), g.i32(0x3f000000));
    const small = f.lt(mantissa, Math.fround(Math.SQRT1_2));
    const e = g.op(f32x4.convert_i32x4_s, g.op(i32x4.add, exponent, small));
    const r = f.add(f.sub(mantissa, 1), g.op(v128.and, small, mantissa));
    const square = f.mul(r, r);
    let y = fma(f.mul(horner(r, LOG), r), square, f.mul(e, LN2_LOW));
    // These products have few bits, so that nothing is lost by rounding them.
    y = f.add(f.mul(square, -0.5), y);
    return f.add(f.mul(e, LN2_HIGH), f.add(r, y));
  };

  const [radii, angles] = [g.leaf("uniform", 0), g.leaf("uniform", 1)];
  const [mean, std] = [g.leaf("param", 0), g.leaf("param", 1)];
  const radius = f.sqrt(f.mul(-2, log(f.sub(1, radii))));
  const angle = f.mul(2 * Math.PI, angles);
  const octant = g.op(
    v128.and,
    g.op(i32x4.add, g.op(i32x4.trunc_sat_f32x4_s, f.mul(angle, FOUR_OVER_PI)), g.i32(1)),
    g.i32(~1),
  );
  const multiple = g.op(f32x4.convert_i32x4_s, octant);
  let x = angle;
  for (const part of QUARTER_PI) x = f.add(f.mul(multiple, part), x);
  x = fma(multiple, QUARTER_PI_REST, x);
  const square = f.mul(x, x);
  const cosine = f.add(fma(f.mul(horner(square, COSINE), square), square, f.neg(f.mul(square, 0.5))), 1);
  const sine = fma(f.mul(horner(square, SINE), square), x, x);
  const swapped = g.op(i32x4.eq, g.op(v128.and, octant, g.i32(2)), g.i32(2));
  /** The bit of an octant that makes a result negative, as the sign of a float32. */
  const signed = (value: Value, of: Value): Value =>
    g.op(v128.xor, value, g.shift(i32x4.shl, g.op(v128.and, of, g.i32(4)), 29));
  const sines = signed(f.pick(swapped, cosine, sine), octant);
  const cosines = signed(f.pick(swapped, sine, cosine), g.op(i32x4.add, octant, g.i32(2)));
  const results = [cosines, sines].map((direction) => fma(f.mul(radius, direction), std, mean, true));
  return { results, midway };
}
