/** Tensors of every dtype, written and read again: elements, dtype and the bytes that they take. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DType, dtypes, isFloat } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import { loadNpz, loadPt, loadSafetensors, saveNpz, savePt, saveSafetensors } from "../src/index.ts";

const floats = [0, -0, 0.1, -2.7, 65504, 2 ** -24, Infinity, Number.NaN];
const all: Readonly<Record<string, Tensor>> = Object.fromEntries(
  dtypes.map((dtype) => [dtype, tensor(isFloat(dtype) ? floats : [0, 1, 100, 3]).to(dtype)]),
);

function check(loaded: Readonly<Record<string, Tensor>>, names: readonly DType[]): void {
  assert.deepEqual(Object.keys(loaded).sort(), [...names].sort());
  for (const dtype of names) {
    assert.equal(loaded[dtype].dtype, dtype);
    assert.deepEqual(loaded[dtype].dataSync(), all[dtype].dataSync(), dtype);
  }
}

test("every dtype comes back from a .pt file", async () => {
  check(loadPt(await savePt(all)) as Record<string, Tensor>, dtypes);
});

test("every dtype comes back from a .safetensors file, in as many bytes as it has", async () => {
  check(loadSafetensors(await saveSafetensors(all)), dtypes);
  const sizes = await Promise.all(
    (["float16", "float32"] as const).map(async (dtype) => (await saveSafetensors({ x: all[dtype] })).length),
  );
  assert.equal(sizes[1] - sizes[0], 2 * floats.length);
});

test("every dtype but bfloat16 comes back from a .npz file, and that is refused", async () => {
  const { bfloat16, ...others } = all;
  check(
    loadNpz(await saveNpz(others)),
    dtypes.filter((dtype) => dtype !== "bfloat16"),
  );
  await assert.rejects(async () => saveNpz({ bfloat16 }), {
    name: "DTypeError",
    message: "NumPy has no bfloat16; convert first, as in x.float()",
  });
});
