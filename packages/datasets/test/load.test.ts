/** The data sets that scikit-learn ships: every bit of them (tools/fixtures/datasets.py). */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/datasets.json" with { type: "json" };
import * as datasets from "../src/index.ts";
import { type DigitsSet, loadDigits, loadIris, type Pair } from "../src/index.ts";

interface Loaded {
  readonly loader: string;
  readonly options: object;
  readonly arrays: Readonly<Record<string, { shape: number[]; dtype: string; sha256: string }>>;
  readonly featureNames: readonly string[];
  readonly targetNames: readonly (string | number)[] | null;
}

type Load = (options: object) => Promise<Readonly<Record<string, Tensor>> & DigitsSet>;

function recordOf(x: Tensor): { shape: readonly number[]; dtype: string; sha256: string } {
  const { buffer, byteOffset, byteLength } = x.dataSync();
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return { shape: x.shape, dtype: x.dtype, sha256: createHash("sha256").update(bytes).digest("hex") };
}

describe("data sets are scikit-learn's, bit for bit", () => {
  for (const c of fixture.loaders as unknown as readonly Loaded[]) {
    test(`${c.loader}(${JSON.stringify(c.options)})`, async () => {
      const load = (datasets as unknown as Record<string, Load>)[c.loader];
      const set = await load(c.options);
      for (const [key, wanted] of Object.entries(c.arrays)) assert.deepEqual(recordOf(set[key]), wanted, key);
      assert.deepEqual(set.featureNames, c.featureNames);
      assert.deepEqual(set.targetNames ?? null, c.targetNames);
      const pair = (await load({ ...c.options, returnXY: true })) as unknown as Pair;
      assert.deepEqual(pair.map(recordOf), [c.arrays.data, c.arrays.target]);
    });
  }
});

test("each call makes tensors of its own, and images are a view of the data", async () => {
  const first = await loadIris();
  first.data.fill_(0);
  first.target.fill_(7);
  const second = await loadIris();
  assert.equal(second.data.at(0, 0).itemSync(), 5.1);
  assert.equal(second.target.at(0).itemSync(), 0);
  const digits = await loadDigits({ nClass: 2 });
  digits.images.fill_(3);
  assert.equal(digits.data.min().itemSync(), 3);
});

test("a number of digits that there are not is refused at the call", () => {
  for (const nClass of [0, 11, 2.5])
    assert.throws(
      () => loadDigits({ nClass }),
      (error) => error instanceof ValueError && /nClass is an integer from 1 to 10; got/.test(error.message),
    );
});
