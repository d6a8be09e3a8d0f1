import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as nn from "@flambeau/nn";
import { classOf } from "../../src/code/modules/class-of.ts";
import { constructors as table } from "../../src/code/modules/table.ts";
import { callables } from "./callables.ts";
import { constructors } from "./constructors.ts";
import { modules } from "./models/modules.ts";
import { operations } from "./operations.ts";

test("every callable has a name in PyTorch, or is among what it does not have", () => {
  const all = callables();
  assert.ok(all.length > 700);
  const lost = all.filter(({ target, isForeign }) => (target === undefined) !== isForeign);
  assert.deepEqual(
    lost.map(({ signature }) => signature),
    [],
  );
});

test("every recorded call of an operation is written, and those that PyTorch does not have are refused", () => {
  const all = operations();
  assert.ok(all.filter(({ error }) => error === undefined).length > 2500);
  const refused = new Set(all.filter(({ error }) => error !== undefined).map(({ name }) => name));
  const inner =
    "absoluteError binaryCrossEntropy binaryCrossEntropyWithLogits elu hardtanh huberError leakyRelu";
  const methods = "Tensor.logaddexp_ Tensor.maximum_ Tensor.minimum_ Tensor.rsub_ Tensor.uniqueAll";
  const more = "slice sliceDim smoothL1Error softplus squaredError uniqueAll unslice";
  // No graph says what shape the tensor has before and after.
  const layouts = "Tensor.squeeze_ Tensor.t_ Tensor.transpose_ Tensor.unsqueeze_";
  assert.deepEqual([...refused].sort(), `${methods} ${layouts} ${inner} ${more}`.split(" ").sort());
});

test("every class of modules has a constructor in PyTorch", () => {
  const isModule = (value: unknown): boolean =>
    typeof value === "function" && value.prototype instanceof nn.Module;
  const classes = Object.entries(nn).flatMap(([name, value]) => (isModule(value) ? [name] : []));
  const sampled = new Set(modules().map(classOf));
  // A loss is no module by itself; lazy modules are others after their first call.
  const missing = classes.filter((name) => name !== "Loss" && !name.startsWith("Lazy") && !sampled.has(name));
  assert.deepEqual(missing, []);
  assert.deepEqual(
    Object.keys(table).filter((name) => !sampled.has(name)),
    [],
  );
});

test("constructors are written as the kept file has them", () => {
  const kept = readFileSync(new URL("expected/constructors.txt", import.meta.url), "utf8");
  assert.deepEqual(
    constructors().map(({ source }) => source),
    kept.trimEnd().split("\n"),
  );
});
