/** Every call that multiplies and adds over a long dimension, on every device: as near to the right sum as PyTorch's, or nearer. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { einsum, F, full, manualSeed, ones, rand, type Tensor } from "flambeau";
import { testOn, webgpu } from "./devices.ts";

const N = 200_000;

/** From x and y, of `N` numbers each, something that sums their products, and what divides the sum. */
interface Call {
  readonly of: (x: Tensor, y: Tensor) => Tensor;
  readonly parts: number;
}

function gradient(leaf: Tensor, loss: (leaf: Tensor) => Tensor): Tensor {
  const own = leaf.detach().requiresGrad_();
  loss(own).backward();
  return own.grad as Tensor;
}

const calls: Readonly<Record<string, Call>> = {
  dot: { of: (x, y) => x.dot(y), parts: 1 },
  mv: { of: (x, y) => x.unsqueeze(0).mv(y), parts: 1 },
  "a column of a matrix": {
    of: (x, y) =>
      x
        .reshape([N / 4, 4])
        .t()
        .mv(y.at(`:${N / 4}`)),
    parts: 4,
  },
  matmul: { of: (x, y) => x.reshape([4, N / 4]).matmul(y.reshape([N / 4, 4])), parts: 4 },
  "matmul, both turned": {
    of: (x, y) =>
      x
        .reshape([N / 4, 4])
        .t()
        .matmul(y.reshape([4, N / 4]).t()),
    parts: 4,
  },
  "a row times a matrix": { of: (x, y) => x.at(`:${N / 4}`).matmul(y.reshape([N / 4, 4])), parts: 4 },
  bmm: { of: (x, y) => x.reshape([2, 2, N / 4]).bmm(y.reshape([2, N / 4, 2])), parts: 4 },
  einsum: { of: (x, y) => einsum("i,i->", x, y), parts: 1 },
  "einsum of batches": {
    of: (x, y) => einsum("bi,bi->b", x.reshape([2, N / 2]), y.reshape([2, N / 2])),
    parts: 2,
  },
  linear: { of: (x, y) => F.linear(x.reshape([2, N / 2]), y.reshape([2, N / 2])), parts: 2 },
  "linear's weight gradient": {
    of: (x, y) =>
      gradient(ones([2, 4], { device: x.device, dtype: x.dtype }), (weight) =>
        F.linear(x.reshape([N / 4, 4]), weight)
          .mul(y.at(`:${N / 2}`).reshape([N / 4, 2]))
          .sum(),
      ),
    parts: 4,
  },
  conv1d: { of: (x, y) => F.conv1d(x.reshape([1, 1, N]), y.reshape([1, 1, N])), parts: 1 },
  "conv1d's weight gradient": {
    of: (x, y) =>
      gradient(ones([1, 1, 1], { device: x.device, dtype: x.dtype }), (weight) =>
        F.conv1d(x.reshape([1, 1, N]), weight)
          .mul(y.reshape([1, 1, N]))
          .sum(),
      ),
    parts: 1,
  },
};

/** PyTorch 1.13's dot product of a million of these is off by 2e-7, its matmul and einsum by 2e-6 to 1e-4. */
const NEAR = 5e-7;

async function check(device: string, { of, parts }: Call): Promise<void> {
  manualSeed(0);
  const [x, y] = [rand([N]), rand([N])];
  const got = await of(x.to(device), y.to(device)).data();
  const right = of(x.double(), y.double()).flatten().dataSync();
  assert.equal(got.length, right.length);
  right.forEach((value, i) => {
    const error = Math.abs(Number(got[i]) - Number(value)) / Number(value);
    assert.ok(error < NEAR, `element ${i} is ${got[i]}, not ${value}: ${error}`);
  });
  // Equal numbers, whose sums are all rounded the same way. PyTorch's dot product of a million is 99985.
  const constant = await of(full([N], 0.1, { device }), ones([N], { device })).data();
  const sum = (Math.fround(0.1) * N) / parts;
  for (const value of constant)
    assert.ok(Math.abs(Number(value) / sum - 1) < 2e-5, `a constant's is ${value}, not ${sum}`);
}

describe("a sum of products over a long dimension", () => {
  for (const [name, call] of Object.entries(calls)) {
    test(`${name} on cpu`, () => check("cpu", call));
    testOn(webgpu, name, () => check("webgpu", call));
  }

  testOn(webgpu, "in layouts, with epilogues and of few steps more than are summed at once", async () => {
    manualSeed(1);
    for (const [m, k, n] of [
      [3, 4096, 5],
      [3, 4097, 5],
      [2, 9000, 70],
      [1, 5000, 9],
      [9, 5000, 1],
    ]) {
      for (const turned of [false, true]) {
        const make = (rows: number, columns: number): Tensor =>
          turned ? rand([columns, rows]).t() : rand([rows, columns]);
        const [x, weight, bias] = [make(m, k), make(n, k), rand([n])];
        const right = F.linear(x.double(), weight.double(), bias.double()).dataSync();
        const on = [x, weight, bias].map((t) => t.to("webgpu"));
        const got = await F.linear(on[0], on[1], on[2]).data();
        right.forEach((value, i) => {
          const error = Math.abs(Number(got[i]) - Number(value)) / Number(value);
          assert.ok(error < 2e-6, `[${m}, ${k}] and [${n}, ${k}]: ${error}`);
        });
      }
    }
  });
});
