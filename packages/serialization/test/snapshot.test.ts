/** What is saved while training goes on: the values of the time of the call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "@flambeau/backend";
import { Linear } from "@flambeau/nn";
import { Adam } from "@flambeau/optim";
import { arange, ones, type Tensor } from "@flambeau/tensor";
import {
  type FileParts,
  loadNpz,
  loadPt,
  loadSafetensors,
  ptParts,
  safetensorsParts,
  saveNpz,
  savePt,
  saveSafetensors,
} from "../src/index.ts";
import { joined } from "./files.ts";

async function collected({ parts }: FileParts, onPart: () => void = () => {}): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts()) {
    all.push(part.slice());
    onPart();
  }
  return joined(...all);
}

for (const [name, write, read] of [
  ["savePt", savePt, loadPt],
  ["saveSafetensors", saveSafetensors, loadSafetensors],
  ["saveNpz", saveNpz, loadNpz],
] as const) {
  test(`${name}: steps after the call are not in the file`, async () => {
    const model = new Linear(3, 2);
    const optimizer = new Adam(model.parameters(), { lr: 0.5 });
    const before = model.weight.detach().clone();
    const saving = write(model.stateDict());
    for (let i = 0; i < 3; i++) {
      optimizer.zeroGrad();
      model(ones([1, 3]))
        .sum()
        .backward();
      optimizer.step();
    }
    const loaded = read(await saving) as Record<string, Tensor>;
    assert.equal(model.weight.equal(before), false);
    assert.ok(loaded.weight.equal(before));
  });
}

for (const [name, parts, read] of [
  ["ptParts", ptParts, loadPt],
  ["safetensorsParts", (x: unknown, most?: number) => safetensorsParts(x, {}, most), loadSafetensors],
] as const) {
  test(`${name}: what is copied may be changed and disposed of`, async () => {
    const [a, b] = [arange(10), arange(20)];
    const file = parts({ a, b });
    a.add_(1);
    const bytes = await collected(file, () => b.dispose());
    const loaded = read(bytes) as Record<string, Tensor>;
    assert.ok(loaded.a.equal(arange(10)) && loaded.b.equal(arange(20)));
  });

  test(`${name}: what is too large to copy is an error once it is changed, in either tensor`, async () => {
    for (const changed of ["a", "b"] as const) {
      const tensors = { a: arange(10), b: arange(20) };
      const file = parts(tensors, 119);
      tensors[changed].add_(1);
      await assert.rejects(
        collected(file),
        (error) => error instanceof ValueError && /was changed before it was written/.test(error.message),
      );
      const loaded = read(await collected(parts(tensors, 119))) as Record<string, Tensor>;
      assert.ok(loaded[changed].equal(tensors[changed]));
    }
  });
}
