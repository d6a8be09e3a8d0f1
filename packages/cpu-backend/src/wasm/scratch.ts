import { type Arena, orderOf } from "../memory/arena.ts";

/** Bytes of a slot: what one operand may need at a time. */
export const SLOT: number = 16384;
const ORDER = 18;
/** Operands that a SIMD kernel may have. */
export const MAX_OPERANDS: number = 2 ** ORDER / SLOT;

/** Room in WebAssembly memory for operands that lie elsewhere, and views of the whole memory to fill it through. */
export class Scratch {
  readonly #arena: Arena;
  #address = -1;
  #size = 0;
  bytes: Uint8Array = new Uint8Array(0);
  floats: Float32Array = new Float32Array(0);
  doubles: Float64Array = new Float64Array(0);

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Makes the room, once, and the views fit; false where there is no memory. */
  prepare(): boolean {
    if (this.#address < 0) this.#address = this.#arena.allocateScratch(ORDER);
    if (this.#address < 0) return false;
    if (this.#size !== this.#arena.size) {
      this.#size = this.#arena.size;
      this.bytes = new Uint8Array(this.#arena.buffer);
      this.floats = new Float32Array(this.#arena.buffer);
      this.doubles = new Float64Array(this.#arena.buffer);
    }
    return true;
  }

  /** Addresses of blocks taken for operands that fit no slot, by operand, with their orders. */
  readonly #blocks: Map<number, { readonly address: number; readonly order: number }> = new Map();

  /** Takes room for an operand of so many bytes; false when there is none. To be followed by `prepare`. */
  take(operand: number, bytes: number): boolean {
    if (bytes <= SLOT) return true;
    const order = orderOf(bytes);
    const address = this.#arena.allocateScratch(order);
    if (address >= 0) this.#blocks.set(operand, { address, order });
    return address >= 0;
  }

  /** Gives back what was taken. */
  giveBack(): void {
    if (this.#blocks.size === 0) return;
    for (const { address, order } of this.#blocks.values()) this.#arena.freeScratch(address, order);
    this.#blocks.clear();
  }

  /** The address of an operand's slot, or of the room that was taken for it. */
  slot(operand: number): number {
    const block = this.#blocks.size === 0 ? undefined : this.#blocks.get(operand);
    return block?.address ?? this.#address + operand * SLOT;
  }
}
