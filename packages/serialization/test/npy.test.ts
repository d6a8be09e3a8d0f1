/** Single arrays of NumPy's that were damaged, or made to do harm. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FlambeauError } from "@flambeau/backend";
import { arange, fromNpy, tensor, toNpy } from "@flambeau/tensor";
import { refusesCuts, survives } from "./files.ts";

const files = [
  await toNpy(arange(6).reshape([2, 3])),
  await toNpy(tensor([1n, -2n])),
  await toNpy(tensor([true, false])),
];

/** A file whose header is this text, with as many bytes of elements. */
function file(header: string, bytes = 16): Uint8Array {
  const text = `${header.padEnd(117)}\n`;
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...new TextEncoder().encode(text),
    ...new Array(bytes).fill(0),
  ]);
}

describe("hostile .npy files", () => {
  test("a file cut anywhere is refused", () => {
    for (const bytes of files) refusesCuts(bytes, fromNpy);
  });

  test("mutated files are read or refused", () => {
    const refused = survives(files, fromNpy);
    assert.ok(refused > 5, `${refused} refused`);
  });

  test("shapes that claim terabytes, objects and headers that are none", () => {
    const header = (descr: string, shape: string): string =>
      `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
    assert.doesNotThrow(() => fromNpy(file(header("<f4", "(4,)"))));
    for (const text of [
      header("<f4", "(1099511627776,)"),
      header("<f8", "(9007199254740993, 9007199254740993)"),
      header("<f4", "(-4,)"),
      header("<f4", `(${"1, ".repeat(5000)})`),
      header("|O", "(2,)"),
      header("<c8", "(2,)"),
      "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (4,), }",
      "{",
      "(".repeat(100),
    ])
      assert.throws(() => fromNpy(file(text)), FlambeauError, text.slice(0, 80));
  });
});
