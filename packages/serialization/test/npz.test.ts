import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, ValueError } from "@flambeau/backend";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/npz.json" with { type: "json" };
import { FormatError, loadNpz, loadPt, saveNpz, savePt } from "../src/index.ts";
import { assertElements, bytesOf, refusesCuts, survives } from "./files.ts";

interface File {
  readonly name: string;
  readonly file: string;
  readonly arrays: [key: string, dtype: string, shape: number[], elements: (number | string)[]][];
}
const files = fixture.files as unknown as readonly File[];

function checkArrays(loaded: Readonly<Record<string, Tensor>>, arrays: File["arrays"]): void {
  assert.deepEqual(Object.keys(loaded).sort(), arrays.map(([key]) => key).sort());
  for (const [key, dtype, shape, elements] of arrays) {
    const x = Object.getOwnPropertyDescriptor(loaded, key)?.value as Tensor;
    assert.equal(x.dtype, dtype, key);
    assert.deepEqual(x.shape, shape, key);
    assertElements(x, elements, key);
  }
}

describe("loadNpz", () => {
  for (const { name, file, arrays } of files)
    test(`reads what NumPy wrote: ${name}`, () => checkArrays(loadNpz(bytesOf(file)), arrays));

  for (const { name, file } of fixture.refused)
    test(`refuses ${name}`, () => assert.throws(() => loadNpz(bytesOf(file)), ValueError));

  test("refuses a file cut anywhere, a .pt file, and what is none", async () => {
    for (const { file } of files.slice(0, 4)) refusesCuts(bytesOf(file), loadNpz);
    const pt = await savePt({ x: ones([1]) });
    assert.throws(() => loadNpz(pt), /"archive\/data.pkl" in the archive is no array/);
    const npz = await saveNpz({ x: ones([1]) });
    assert.throws(() => loadPt(npz), /it is a .npz file: loadNpz/);
    assert.throws(() => loadNpz(new Uint8Array(100)), FormatError);
  });

  test("reads or refuses mutated files", () => {
    const all = files.map(({ file }) => bytesOf(file)).filter(({ length }) => length < 4000);
    const refused = survives(all, loadNpz);
    assert.ok(refused > 5, `${refused} refused`);
  });

  test("stops where arrays inflate to more than they may", async () => {
    const bytes = await saveNpz({ x: zeros([10_000]) }, { compressed: true });
    assert.ok(bytes.length < 1000);
    assert.throws(
      () => loadNpz(bytes, { maxBytes: 40_000 }),
      /inflate to more than 40000 bytes; give a larger maxBytes/,
    );
    assert.equal(loadNpz(bytes, { maxBytes: 41_000 }).x.numel(), 10_000);
  });

  test("notices a damaged array", async () => {
    const bytes = await saveNpz({ x: ones([10]) });
    bytes[bytes.length - 100] ^= 1;
    assert.throws(() => loadNpz(bytes), FormatError);
  });
});

describe("saveNpz", () => {
  for (const { name, file, arrays } of files) {
    test(`writes what loadNpz reads: ${name}`, async () => {
      const compressed = name.includes("compressed");
      checkArrays(loadNpz(await saveNpz(loadNpz(bytesOf(file)), { compressed })), arrays);
    });
  }

  test("writes views as their elements, and takes Maps", async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const loaded = loadNpz(await saveNpz(new Map([["t", x.t()]])), { dtype: "float64" });
    assert.equal(loaded.t.dtype, "float64");
    assert.deepEqual(loaded.t.toArraySync(), [
      [1, 3],
      [2, 4],
    ]);
  });

  test("refuses what is none", async () => {
    const save = saveNpz as (tensors: unknown, options?: object) => Promise<Uint8Array>;
    await assert.rejects(save({ a: [1] }), /"a" is no tensor/);
    await assert.rejects(save([ones([1])]), ArgumentError);
    await assert.rejects(async () => save({ a: ones([1]) }, { compress: true }), /did you mean "compressed"/);
  });
});
