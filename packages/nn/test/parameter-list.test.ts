/** ParameterList: what a module sees of it. The text is PyTorch 1.13's, with dtypes as they are named here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ArgumentError, IndexError } from "@flambeau/backend";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import * as nn from "../src/index.ts";

class Net extends nn.Module {
  list = new nn.ParameterList([new nn.Parameter(ones([2, 3])), zeros([1])]);
  linear = new nn.Linear(1, 1);
}

test("a module finds a list's parameters", () => {
  const net = new Net();
  assert.deepEqual(
    net.namedParameters().map(([name]) => name),
    ["list.0", "list.1", "linear.weight", "linear.bias"],
  );
  assert.equal(
    String(net),
    `Net(
  (list): ParameterList(
      (0): Parameter containing: [float32 of size 2x3]
      (1): Parameter containing: [float32 of size 1]
  )
  (linear): Linear(in_features=1, out_features=1, bias=True)
)`,
  );
  assert.equal(String(new nn.ParameterList()), "ParameterList()");
  assert.equal(
    String(new nn.ParameterList([tensor(1)])),
    "ParameterList(  (0): Parameter containing: [float32 of size ])",
  );
});

test("a list is read by position and in order, and grows", () => {
  const first = new nn.Parameter(ones([2]));
  const list = new nn.ParameterList([first]).append(zeros([1])).extend([zeros([3])]);
  assert.equal(list.length, 3);
  assert.equal(list[0], first);
  assert.equal(list.at(-1), list[2]);
  assert.deepEqual(
    [...list].map(({ shape }) => shape.join()),
    ["2", "1", "3"],
  );
  assert.ok([...list].every((p) => p instanceof nn.Parameter && p.requiresGrad));
  assert.throws(() => list.at(3), IndexError);
  assert.throws(() => list.append(5 as unknown as Tensor), ArgumentError);
  list.double();
  assert.equal(first.dtype, "float64");
});
