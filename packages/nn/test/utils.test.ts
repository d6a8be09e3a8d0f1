/** `nn.utils`, with the values of PyTorch 1.13's `torch.nn.utils`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ArgumentError, DTypeError, ShapeError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";

test("clipping is optim's", () => {
  assert.equal(nn.utils.clipGradNorm_, optim.clipGradNorm_);
  assert.equal(nn.utils.clipGradValue_, optim.clipGradValue_);
});

test("parameters become a vector with a gradient, and go on with the elements of one", () => {
  const list = [
    new nn.Parameter(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ),
    new nn.Parameter(tensor([5])),
  ];
  const vector = nn.utils.parametersToVector(list);
  assert.deepEqual(vector.tolist(), [1, 2, 3, 4, 5]);
  vector
    .mul(tensor([1, 2, 3, 4, 5]))
    .sum()
    .backward();
  assert.deepEqual(list[0].grad?.tolist(), [
    [1, 2],
    [3, 4],
  ]);
  const values = tensor([9, 8, 7, 6, 5]);
  nn.utils.vectorToParameters(values, list);
  values.set([0], 0);
  assert.deepEqual(
    list.map((p) => p.tolist()),
    [
      [
        [0, 8],
        [7, 6],
      ],
      [5],
    ],
  );
  assert.ok(list.every((p) => p.isLeaf && p.requiresGrad && p.base === null));
  assert.deepEqual(list[1].grad?.tolist(), [5]);
});

test("refuses what does not fit, and changes nothing then", () => {
  const list = [new nn.Parameter(zeros([2])), new nn.Parameter(zeros([1]))];
  const { parametersToVector, vectorToParameters } = nn.utils;
  for (const vec of [ones([2]), ones([4]), ones([3, 1])])
    assert.throws(() => vectorToParameters(vec, list), ShapeError);
  assert.throws(() => vectorToParameters(ones([3], { dtype: "float64" }), list), DTypeError);
  for (const bad of [[], [list[0], 5 as unknown as Tensor]])
    assert.throws(() => parametersToVector(bad), ArgumentError);
  assert.throws(
    () => vectorToParameters({ vec: ones([3]), params: list } as never),
    /unknown option "params"/,
  );
  assert.deepEqual(
    list.map((p) => p.tolist()),
    [[0, 0], [0]],
  );
});
