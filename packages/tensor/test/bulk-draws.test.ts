/** Draws by SIMD: the numbers that are drawn one by one, and the state afterwards, from wherever in the state they begin. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { simdDraws } from "@flambeau/cpu-backend";
import { hasSimd } from "../../cpu-backend/src/wasm/codegen/features.ts";
import { bernoulli } from "../src/random/discrete.ts";
import { Generator } from "../src/random/generator.ts";
import { eachWords, provideBulk, uniform24, uniform53 } from "../src/random/streams.ts";

/** Words that are drawn first: none, within the state, and up to both sides of its ends. */
const BEFORE = [0, 1, 3, 226, 227, 396, 397, 622, 623, 624, 625, 1000, 1247, 1248];
/** Below 64 numbers a loop draws; 624 is the state, 4096 words are drawn at a time. */
const LENGTHS = [
  0, 1, 63, 64, 65, 97, 311, 312, 313, 623, 624, 625, 1023, 2047, 2048, 2049, 4095, 4097, 9000,
];
const PROBABILITIES = [0, 1, 0.5, 0.9, 1 / 3, 2 ** -33, 2 ** -53, 1 - 2 ** -53, 1e-300];

type Draw = (generator: Generator, length: number) => unknown;

const DRAWS: Readonly<Record<string, Draw>> = {
  words(generator, length) {
    const out = new Uint32Array(length);
    eachWords(generator, length, (words, start) => out.set(words, start));
    return out;
  },
  uniform24(generator, length) {
    const out = new Float32Array(length);
    uniform24(generator, out);
    return out;
  },
  uniform53(generator, length) {
    const out = new Float64Array(length);
    uniform53(generator, out);
    return out;
  },
  ...Object.fromEntries(
    PROBABILITIES.map((p) => [
      `bernoulli ${p}`,
      (generator: Generator, length: number) => {
        const out = new Float32Array(length).fill(-1);
        bernoulli(generator, out, p);
        return out;
      },
    ]),
  ),
};

/** What is drawn from a place on, and what the generator draws next. */
function run(draw: Draw, before: number, length: number): unknown[] {
  const generator = new Generator().manualSeed(1000 * before + length);
  for (let i = 0; i < before; i++) generator.random32();
  const drawn = draw(generator, length);
  const state = generator.getState();
  return [drawn, state, Array.from({ length: 3 }, () => generator.random32())];
}

describe("draws by SIMD", { skip: !hasSimd() }, () => {
  const draws = simdDraws();
  after(() => provideBulk(draws));

  for (const [name, draw] of Object.entries(DRAWS)) {
    test(name, () => {
      for (const before of BEFORE) {
        for (const length of LENGTHS) {
          provideBulk(null);
          const wanted = run(draw, before, length);
          provideBulk(draws);
          assert.deepEqual(run(draw, before, length), wanted, `${length} after ${before} words`);
        }
      }
    });
  }

  test("a limit between two halves of 53 bits", () => {
    // Words whose upper part equals the limit's decide by the lower one.
    const generator = new Generator().manualSeed(5);
    const words = Array.from({ length: 256 }, () => generator.random32());
    for (const offset of [0, 1]) {
      for (const i of [0, 2, 64, 130]) {
        const value = (words[i] & 0x1fffff) * 2 ** 32 + words[i + 1] + offset;
        const drawn = new Float32Array(128);
        bernoulli(new Generator().manualSeed(5), drawn, value * 2 ** -53);
        assert.equal(drawn[i / 2], offset);
      }
    }
  });
});
