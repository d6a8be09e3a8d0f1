import { kindOfArray, ValueError } from "@flambeau/backend";
import { STATE_LENGTH } from "./mt19937.ts";

/** What a generator's state holds. */
export interface GeneratorState {
  readonly seed: bigint;
  readonly left: number;
  readonly position: number;
  readonly words: Uint32Array;
  readonly nextNormal: number | null;
  readonly nextFloatNormal: number | null;
}

// Offsets of the fields in PyTorch's CPUGeneratorImplState (little-endian, 64-bit alignment), which holds each word
// of the state in 64 bits, as its ancestor in Lua Torch did.
const SEED = 0;
const LEFT = 8;
const SEEDED = 12;
const POSITION = 16;
const WORDS = 24;
const NORMAL = WORDS + 8 * STATE_LENGTH + 8;
const NORMAL_VALID = NORMAL + 16;
const FLOAT_NORMAL = NORMAL_VALID + 8;
const FLOAT_NORMAL_VALID = FLOAT_NORMAL + 4;
const SIZE = FLOAT_NORMAL + 8;

/** A state as the bytes of `torch.Generator.get_state()`. Source: PyTorch 1.13, `CPUGeneratorImpl::get_state`. */
export function encodeState(state: GeneratorState): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(SEED, state.seed, true);
  view.setInt32(LEFT, state.left, true);
  view.setInt32(SEEDED, 1, true);
  view.setUint32(POSITION, state.position, true);
  state.words.forEach((word, i) => {
    view.setUint32(WORDS + 8 * i, word, true);
  });
  if (state.nextNormal !== null) {
    view.setFloat64(NORMAL, state.nextNormal, true);
    view.setInt32(NORMAL_VALID, 1, true);
  }
  if (state.nextFloatNormal !== null) {
    view.setFloat32(FLOAT_NORMAL, state.nextFloatNormal, true);
    view.setUint8(FLOAT_NORMAL_VALID, 1);
  }
  return bytes;
}

/**
 * The state that bytes of that layout hold.
 *
 * @throws ValueError when they are none: another type or length, never seeded, or a position that no stream reaches.
 */
export function decodeState(bytes: Uint8Array): GeneratorState {
  if (kindOfArray(bytes) !== "Uint8Array") throw new ValueError("a generator's state must be a Uint8Array");
  if (bytes.length !== SIZE) {
    throw new ValueError(`a generator's state has ${SIZE} bytes, but this one has ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, SIZE);
  const left = view.getInt32(LEFT, true);
  const position = view.getUint32(POSITION, true);
  const fresh = left === 1 && position === 0;
  const underWay = left >= 1 && left <= STATE_LENGTH && left + position === STATE_LENGTH + 1;
  if (view.getInt32(SEEDED, true) === 0 || !(fresh || underWay)) {
    throw new ValueError(`these bytes are no generator's state: ${left} draws left at position ${position}`);
  }
  return {
    seed: view.getBigUint64(SEED, true),
    left,
    position,
    words: Uint32Array.from({ length: STATE_LENGTH }, (_, i) => view.getUint32(WORDS + 8 * i, true)),
    nextNormal: view.getInt32(NORMAL_VALID, true) === 0 ? null : view.getFloat64(NORMAL, true),
    nextFloatNormal: view.getUint8(FLOAT_NORMAL_VALID) === 0 ? null : view.getFloat32(FLOAT_NORMAL, true),
  };
}
