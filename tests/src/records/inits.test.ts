/** Every function of nn.init against PyTorch 1.13 (tools/fixtures/inits.py): what it writes for a seed, and draws after it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, full, manualSeed, nn, rand, type Tensor } from "flambeau";
import { initCases } from "./inits.ts";
import { assertRecorded } from "./record.ts";

describe("initial values are PyTorch's", () => {
  for (const c of initCases) {
    const f = (nn.init as unknown as Record<string, (...args: unknown[]) => unknown>)[c.init];
    const text = `${c.init}(${JSON.stringify(c.args).slice(1, -1)})`;
    if (c.out === undefined) {
      test(text, () => assert.ok(Math.abs((f(...c.args) as number) - c.value!) <= 1e-15));
      continue;
    }
    const [dtype, shape] = c.out;
    test(`${text} of ${dtype} [${shape}], seed ${c.seed}`, () => {
      manualSeed(c.seed!);
      const x = new nn.Parameter(full(shape, 9, { dtype: dtype as DType }));
      assert.equal(f(x, ...c.args), x as Tensor);
      assert.ok(x.isLeaf && x.requiresGrad);
      assertRecorded(x, c.out!, "the values");
      assertRecorded(rand([2]), c.next!, "the next numbers");
    });
  }
});
