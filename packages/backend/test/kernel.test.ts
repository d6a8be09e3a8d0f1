/** Kernels: what they keep, and the identity under which a device finds what it compiled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { E, input, MapKernel, param, ReduceKernel, RowKernel } from "@flambeau/backend";

const x = input(0);

test("every kernel has an id of its own, whatever its kind, name and expressions", () => {
  const kernels = Array.from({ length: 20 }, () => [
    new MapKernel("same", 1, 0, [x]),
    new ReduceKernel("same", "sum"),
    new RowKernel("same", 1, 0, [], x),
  ]).flat();
  const ids = kernels.map(({ id }) => id);
  assert.equal(new Set(ids).size, kernels.length);
  assert.ok(ids.every((id, i) => Number.isSafeInteger(id) && (i === 0 || id > ids[i - 1])));
});

test("a map keeps its outputs in order", () => {
  const outputs = [E.add(x, param(0)), x];
  const kernel = new MapKernel("two", 1, 1, outputs);
  assert.deepEqual([kernel.name, kernel.inputs, kernel.params], ["two", 1, 1]);
  assert.equal(kernel.outputs, outputs);
});

test("a reduction joins the elements of one input as they are, unless it says otherwise", () => {
  for (const combine of ["sum", "prod", "max", "min", "argmax", "argmin"] as const) {
    const plain = new ReduceKernel("plain", combine);
    assert.deepEqual(
      [plain.combine, plain.inputs, plain.params, plain.prepare, plain.finish],
      [combine, 1, 0, x, x],
    );
  }
  const [prepare, finish] = [E.mul(x, input(1)), E.div(x, param(0))];
  const mean = new ReduceKernel("mean", "sum", { inputs: 2, params: 1, prepare, finish });
  assert.deepEqual([mean.inputs, mean.params], [2, 1]);
  assert.ok(mean.prepare === prepare && mean.finish === finish);
});

test("rows keep their steps and their output", () => {
  const steps = [{ combine: "max", prepare: x }] as const;
  const output = E.sub(x, input(1));
  const kernel = new RowKernel("rows", 1, 2, steps, output);
  assert.deepEqual([kernel.name, kernel.inputs, kernel.params], ["rows", 1, 2]);
  assert.ok(kernel.steps === steps && kernel.output === output);
});
