/**
 * Draws over tensors whose elements do not lie in row-major order come in the order of memory, as PyTorch's do
 * (tools/fixtures/permuted_draws.py).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { F, manualSeed, rand, randintLike, randLike, randnLike, type Tensor, zeros } from "flambeau";
import fixture from "../../../tests/fixtures/permuted_draws.json" with { type: "json" };

const draws: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  uniform_: (x) => x.uniform_(),
  normal_: (x) => x.normal_(),
  bernoulli_: (x) => x.bernoulli_(0.3),
  exponential_: (x) => x.exponential_(),
  randLike: (x) => randLike(x),
  randnLike: (x) => randnLike(x),
  randintLike: (x) => randintLike(x, 10),
  dropout: (x) => F.dropout(x.fill_(1), 0.4),
};

for (const { op, shape, dims, step, dtype, strides, values, next } of fixture) {
  test(`${op} of ${dtype} [${shape}] permuted by [${dims}], every ${step}`, () => {
    manualSeed(7);
    const x = zeros(shape, { dtype: dtype as "float32" | "float64" })
      .permute(dims)
      .at("...", `::${step}`);
    const y = draws[op](x);
    const actual = Array.from(y.dataSync());
    assert.equal(actual.length, values.length);
    for (const [i, expected] of values.entries()) {
      assert.ok(
        Math.abs(actual[i] - expected) <= 1e-6 * Math.abs(expected),
        `${i}: ${actual[i]}, not ${expected}`,
      );
    }
    // What is computed lies in rows; what is drawn lies as its model does.
    if (op !== "dropout") assert.deepEqual(y.stride(), strides);
    assert.equal(rand([1]).itemSync(), next);
  });
}
