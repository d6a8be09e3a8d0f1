import type { Code } from "./assembler.ts";
import { i32 } from "./opcodes.ts";

/** Runs the body `counter` times, a local that ends as zero. */
export function times(code: Code, counter: number, body: () => void): void {
  code.get(counter).if(() => {
    code.loop(() => {
      body();
      code.get(counter).i32(1).op(i32.sub).tee(counter).brIf(0);
    });
  });
}

/** pointer += a number. */
export function advance(code: Code, pointer: number, distance: number): void {
  code.get(pointer).i32(distance).op(i32.add).set(pointer);
}

/** pointer += a local. */
export function advanceBy(code: Code, pointer: number, distance: number): void {
  code.get(pointer).get(distance).op(i32.add).set(pointer);
}

/** Lanes of `i8x16.shuffle` that take 32-bit lanes of two vectors. */
export function words(...lanes: number[]): number[] {
  return lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
}
