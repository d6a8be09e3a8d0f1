/** The names of modes, and changes of a tensor's own shape under them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inferenceMode, isGradEnabled, noGrad } from "@flambeau/autograd";
import { AutogradError, ValueError } from "@flambeau/backend";
import { tensor } from "@flambeau/tensor";

test("inferenceMode records nothing, as noGrad, and says its own name", async () => {
  assert.equal(
    inferenceMode(() => isGradEnabled()),
    false,
  );
  {
    using _ = inferenceMode();
    assert.equal(isGradEnabled(), false);
  }
  assert.equal(await inferenceMode(async () => isGradEnabled()), false);
  assert.equal(isGradEnabled(), true);
  assert.throws(() => inferenceMode(() => [1][Symbol.iterator]()), ValueError);
  assert.throws(() => inferenceMode(5 as never), /inferenceMode: body is a function/);
});

test("a tensor's own shape changes only where that is recorded", () => {
  const leaf = tensor([1, 2], { requiresGrad: true });
  assert.throws(() => leaf.unsqueeze_(0), AutogradError);
  assert.deepEqual(leaf.shape, [2]);
  const made = leaf.mul(2);
  assert.throws(() => noGrad(() => made.unsqueeze_(0)), /unsqueeze_: nothing is recorded here/);
  made.unsqueeze_(0).t_();
  assert.deepEqual([made.shape, made.gradFn?.name], [[2, 1], "TBackward0"]);
  made.mul_(3).sum().backward();
  assert.deepEqual(leaf.grad?.tolist(), [6, 6]);
});
