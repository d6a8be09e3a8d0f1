import { type Code, ModuleBuilder } from "./codegen/assembler.ts";
import { f32x4, i32x4, v128 } from "./codegen/opcodes.ts";

/** Words of the state of MT19937, and how far on the partner of a word lies. */
export const STATE_WORDS = 624;
const PARTNER = 397;

/** Words that are drawn at a time. */
export const WORDS_AT_ONCE = 4096;

/** Where things lie in the module's memory, in bytes: the state with the words that follow it, what is drawn of them, and results. */
export const TEMPERED = 22528;
export const RESULTS = 43008;

/** The functions of the module, which work on its own memory; four words or samples are a vector. */
export interface DrawsKernels {
  /** Writes so many vectors of words behind the state, each made of the word 624 before it, the next, and the one 397 on. */
  readonly renew: (vectors: number) => void;
  /** Writes what is drawn of so many vectors of words from an address on. */
  readonly temper: (address: number, vectors: number) => void;
  /** Makes multiples of 2^-24 of what is drawn. */
  readonly uniform24: (vectors: number) => void;
  /** Makes samples of what is drawn: 1 where 21 bits of one word and the next word, as an integer, are below `high * 2^32 + low`. */
  readonly bernoulli: (vectors: number, high: number, low: number) => void;
}

const V128 = 16;
/** Lanes that take every second word of two vectors. */
const FIRSTS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const SECONDS = FIRSTS.map((lane) => lane + 4);

function splat(code: Code, value: number): void {
  code.v128([value, value, value, value]);
}

/** See `Mt19937` of `@flambeau/tensor`: four words at a time, in a row that is never wound around. */
function exportRenew(module: ModuleBuilder): void {
  const code = module.function(["i32"], []);
  const vectors = 0;
  const at = code.local("i32");
  const next = code.local("v128");
  code.times(vectors, () => {
    code.get(at).memory(v128.load, 4).set(next);
    code.get(at);
    code.get(at).memory(v128.load, 4 * PARTNER);
    code.get(at).memory(v128.load);
    splat(code, 0x80000000);
    code.op(v128.and).get(next);
    splat(code, 0x7fffffff);
    code.op(v128.and).op(v128.or).i32(1).op(i32x4.shr_u).op(v128.xor);
    // The lowest bit, over all bits.
    code.get(next).i32(31).op(i32x4.shl).i32(31).op(i32x4.shr_s);
    splat(code, 0x9908b0df);
    code.op(v128.and).op(v128.xor);
    code.memory(v128.store, 4 * STATE_WORDS);
    code.advance(at, V128);
  });
  module.export("renew", code);
}

function exportTemper(module: ModuleBuilder): void {
  const code = module.function(["i32", "i32"], []);
  const [address, vectors] = [0, 1];
  const to = code.local("i32");
  const y = code.local("v128");
  const mix = (count: number, shift: typeof i32x4.shl | typeof i32x4.shr_u, mask?: number): void => {
    code.get(y).get(y).i32(count).op(shift);
    if (mask !== undefined) {
      splat(code, mask);
      code.op(v128.and);
    }
    code.op(v128.xor).set(y);
  };
  code.times(vectors, () => {
    code.get(address).memory(v128.load).set(y);
    mix(11, i32x4.shr_u);
    mix(7, i32x4.shl, 0x9d2c5680);
    mix(15, i32x4.shl, 0xefc60000);
    mix(18, i32x4.shr_u);
    code.get(to).get(y).memory(v128.store, TEMPERED);
    code.advance(address, V128).advance(to, V128);
  });
  module.export("temper", code);
}

function exportUniform24(module: ModuleBuilder): void {
  const code = module.function(["i32"], []);
  const at = code.local("i32");
  code.times(0, () => {
    code.get(at).get(at).memory(v128.load, TEMPERED);
    splat(code, 0xffffff);
    code
      .op(v128.and)
      .op(f32x4.convert_i32x4_s)
      .f32x4(2 ** -24)
      .op(f32x4.mul);
    code.memory(v128.store, RESULTS);
    code.advance(at, V128);
  });
  module.export("uniform24", code);
}

function exportBernoulli(module: ModuleBuilder): void {
  const code = module.function(["i32", "i32", "i32"], []);
  const [vectors, high, low] = [0, 1, 2];
  const [from, to] = [code.local("i32"), code.local("i32")];
  const [highs, lows, above, below] = Array.from({ length: 4 }, () => code.local("v128"));
  code.get(high).op(i32x4.splat).set(highs).get(low).op(i32x4.splat).set(lows);
  const halves = (lanes: readonly number[]): void => {
    code.get(from).memory(v128.load, TEMPERED);
    code.get(from).memory(v128.load, TEMPERED + V128);
    code.shuffle(lanes);
  };
  code.times(vectors, () => {
    halves(FIRSTS);
    splat(code, 0x1fffff);
    code.op(v128.and).set(above);
    halves(SECONDS);
    code.set(below);
    code.get(to);
    code.get(above).get(highs).op(i32x4.lt_s);
    code.get(above).get(highs).op(i32x4.eq).get(below).get(lows).op(i32x4.lt_u).op(v128.and);
    code.op(v128.or).f32x4(1).op(v128.and);
    code.memory(v128.store, RESULTS);
    code.advance(from, 2 * V128).advance(to, V128);
  });
  module.export("bernoulli", code);
}

/** The module of {@link DrawsKernels}. */
export function drawsModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", false);
  exportRenew(module);
  exportTemper(module);
  exportUniform24(module);
  exportBernoulli(module);
  return module.encode();
}
