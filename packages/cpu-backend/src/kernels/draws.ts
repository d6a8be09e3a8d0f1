import { compile } from "../wasm/codegen/compiled.ts";
import { hasSimd } from "../wasm/codegen/features.ts";
import {
  type DrawsKernels,
  drawsModule,
  RESULTS,
  STATE_WORDS,
  TEMPERED,
  WORDS_AT_ONCE,
} from "../wasm/draws-module.ts";

/**
 * Many draws of an MT19937 at a time. Each takes the state and the position in it of the next word, 624 where the state is used up,
 * draws as many words as it needs, and gives the position afterwards.
 */
interface Draws {
  /** Fills with words as they are. */
  words(state: Uint32Array, position: number, out: Uint32Array): number;
  /** Fills with multiples of 2^-24 in [0, 1), of one word each. */
  uniform24(state: Uint32Array, position: number, out: Float32Array): number;
  /** Fills with ones and zeros, of two words each: ones where 53 bits of them, as an integer, are below `limit`. */
  bernoulli(state: Uint32Array, position: number, out: Float32Array, limit: number): number;
}

interface Room extends DrawsKernels {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
}

function roomOf(): Room | null {
  const compiled = hasSimd() ? compile(drawsModule()) : null;
  if (compiled === null) return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(compiled.module, { env: { memory } });
  return {
    ...(exports as unknown as DrawsKernels),
    words: new Uint32Array(memory.buffer),
    floats: new Float32Array(memory.buffer),
  };
}

const ITEM = 4;
const LANES = 4;

/**
 * Draws `count` words, some at a time, and calls `use` with how many samples of `each` words there are from which sample on.
 */
function draw(
  { words, renew, temper }: Room,
  state: Uint32Array,
  start: number,
  count: number,
  each: number,
  use: (samples: number, first: number) => void,
): number {
  let position = start;
  words.set(state);
  for (let done = 0; done < count; ) {
    const some = Math.min(WORDS_AT_ONCE, count - done);
    const end = position + some;
    const blocks = Math.ceil(end / STATE_WORDS) - 1;
    renew((blocks * STATE_WORDS) / LANES);
    temper(ITEM * position, Math.ceil(some / LANES));
    use(some / each, done / each);
    words.copyWithin(0, blocks * STATE_WORDS, (blocks + 1) * STATE_WORDS);
    position = end - blocks * STATE_WORDS;
    done += some;
  }
  state.set(words.subarray(0, STATE_WORDS));
  return position;
}

/**
 * The draws in WebAssembly SIMD, or null where there is none: the words of the reference implementation, four at a time.
 *
 * @internal
 */
export function simdDraws(): Draws | null {
  const room = roomOf();
  if (room === null) return null;
  const { words, floats } = room;
  const tempered = words.subarray(TEMPERED / ITEM);
  const results = floats.subarray(RESULTS / ITEM);
  return {
    words: (state, position, out) =>
      draw(room, state, position, out.length, 1, (samples, first) => {
        out.set(tempered.subarray(0, samples), first);
      }),
    uniform24: (state, position, out) =>
      draw(room, state, position, out.length, 1, (samples, first) => {
        room.uniform24(Math.ceil(samples / LANES));
        out.set(results.subarray(0, samples), first);
      }),
    bernoulli: (state, position, out, limit) => {
      const high = Math.floor(limit / 2 ** 32);
      return draw(room, state, position, 2 * out.length, 2, (samples, first) => {
        room.bernoulli(Math.ceil(samples / LANES), high, limit - high * 2 ** 32);
        out.set(results.subarray(0, samples), first);
      });
    },
  };
}
