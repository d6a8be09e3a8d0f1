/** What the tests of all formats share. */
import assert from "node:assert/strict";
import { FlambeauError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { shareOf } from "../../../tests/src/draws.ts";
import { setting } from "../../../tests/src/setting.ts";

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** An element as fixtures have it, which JSON has not all: "inf", "nan", integers beyond 2^53. */
export function element(value: number | string, dtype: string): number | bigint {
  if (dtype === "int64") return BigInt(value);
  return typeof value === "number" ? value : Number(value.replace("inf", "Infinity"));
}

/** A tensor's elements, -0 and nan among them, compared one by one. */
export function assertElements(x: Tensor, expected: readonly (number | string)[], what: string): void {
  assert.deepEqual(
    [...x.dataSync()],
    expected.map((value) => element(value, x.dtype)),
    what,
  );
}

/** Random integers from 0 to before `n`, of the run's seed. */
export function below(n: number): number {
  return Math.floor(Math.random() * n);
}

/** A file with some bytes changed, cut out, put in, or moved. */
export function mutated(file: Uint8Array): Uint8Array {
  let bytes: Uint8Array = file.slice();
  for (let i = 0; i <= below(3); i++) {
    const at = below(bytes.length);
    const kind = below(6);
    if (kind <= 1) bytes[at] = below(256);
    else if (kind === 2) bytes[at] ^= 1 << below(8);
    else if (kind === 3) bytes = joined(bytes.subarray(0, at), bytes.subarray(at + below(9)));
    else if (kind === 4)
      bytes = joined(bytes.subarray(0, at), bytes.subarray(below(bytes.length), at), bytes.subarray(at));
    else bytes.fill([0, 255, 0x7f][below(3)], at, at + below(9));
  }
  return bytes;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Reads a file cut at every length: each is refused with an error of the library's. */
export function refusesCuts(file: Uint8Array, read: (bytes: Uint8Array) => unknown): void {
  for (let length = 0; length < file.length; length++) {
    assert.throws(() => read(file.subarray(0, length)), FlambeauError, `cut at ${length}`);
  }
}

/** Mutated files of a format in the gate, and where `npm run test:explore` looks for what the gate does not find. */
const MUTANTS = setting("FLAMBEAU_EXPLORE") === "1" ? 20_000 : 500;

/** Reads mutated files: each is read, or refused with an error of the library's. Gives how many were refused. */
export function survives(files: readonly Uint8Array[], read: (bytes: Uint8Array) => unknown): number {
  let refused = 0;
  for (let i = 0; i < shareOf(MUTANTS); i++) {
    const file = mutated(files[i % files.length]);
    try {
      read(file);
    } catch (error) {
      refused++;
      if (!(error instanceof FlambeauError)) {
        throw new Error(`mutated file ${i}: ${btoa(String.fromCharCode(...file))}`, { cause: error });
      }
    }
  }
  return refused;
}
