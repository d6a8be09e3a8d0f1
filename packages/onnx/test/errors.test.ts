import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { exportOnnx, OnnxError, saveOnnx } from "@flambeau/onnx";
import { F, getRngState, linalg, nn, ones, rand, type Tensor, tensor, zeros } from "flambeau";
import { tensorsInside } from "../src/export.ts";
import { wave } from "./runtime.ts";

const x = wave([4, 3]);

function refused(
  model: unknown,
  message: RegExp,
  options: object = {},
  inputs: readonly unknown[] = [x],
): Promise<void> {
  return assert.rejects(exportOnnx(model as never, inputs, options), (error: Error) => {
    assert.ok(error instanceof OnnxError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

test("what ONNX has no form for is refused with the call and its line", async () => {
  await refused(
    (x: Tensor) => x.add(rand([3])),
    /^rand at .*errors\.test\.ts:\d+:\d+\)?.* has no form in ONNX: rand draws random numbers/,
  );
  await refused((x: Tensor) => F.dropout(x, 0.5), /^dropout at .*draws random numbers/);
  await refused((x: Tensor) => linalg.svd(x).S, /^svd at .*errors\.test/);
  await refused((x: Tensor) => linalg.inv(x.mm(x.t())), /^inv at .* no operation of ONNX/);
  await refused((x: Tensor) => x.long().bitwiseAnd(1), /^bitwiseAnd at .*it needs opset 18; got 17/);
  await refused(new nn.LSTM(3, 4, { projSize: 2 }), /LSTM has no projection/, {}, [wave([5, 2, 3])]);
});

test("a number that has to be fixed there is refused where it is open", async () => {
  const pool = (x: Tensor): Tensor => F.avgPool1d(x.unsqueeze(0), x.shape[1]);
  await refused(pool, /^avgPool1d at .*kernelSize is time, which is open/, { dynamicAxes: [{ 1: "time" }] });
});

test("writes to what the model holds are refused", async () => {
  class Counts extends nn.Module {
    readonly calls = new nn.Buffer(zeros([1]));
    override forward(x: Tensor): Tensor {
      this.calls.add_(1);
      return x.add(this.calls);
    }
  }
  await refused(new Counts(), /add_ at .*the buffer "calls", and a model in ONNX has no state/);
  const held = ones([3]);
  await refused((x: Tensor) => x.add(held.mul_(1)), /mul_ at .*a constant of the model/);
});

test("writes whose memory is not known are refused", async () => {
  const open = { dynamicAxes: [{ 0: "n" }] };
  const strided = (x: Tensor): Tensor => {
    const y = x.clone();
    y.at("::2").mul_(2);
    return y;
  };
  // The part is a view in the trace, so that this one is followed.
  await assert.doesNotReject(exportOnnx(strided, [x], open));
  const flat = (x: Tensor): Tensor => {
    const y = x.clone();
    y.at("::2").reshape([-1]).mul_(2);
    return y;
  };
  await refused(flat, /mul_ at .*whether reshape copied/, open);
});

test("wrong options are refused", async () => {
  // A name of its own: bundlers rename what hides another.
  const f = (signal: Tensor): Tensor => signal.add(1);
  const wrong = (options: object, message: RegExp): Promise<void> =>
    assert.rejects(exportOnnx(f, [x], options), { name: "ArgumentError", message });
  await wrong({ opsets: 17 }, /^exportOnnx: unknown option "opsets"; did you mean "opset"\?$/);
  await wrong({ dynamic_axes: [] }, /^exportOnnx: "dynamic_axes" is written dynamicAxes here$/);
  await wrong({ externalData: true }, /^exportOnnx: unknown option "externalData"; there are opset, /);
  await wrong(null as never, /^exportOnnx: options is an object; got null/);
  await wrong([] as never, /^exportOnnx: options is an object; got \[\]/);
  await wrong({ opset: 16 }, /opset is an integer from 17 to 23; got 16/);
  await wrong({ opset: 24 }, /got 24/);
  await wrong({ opset: 17.5 }, /got 17\.5/);
  await wrong({ dynamicAxes: { y: { 0: "n" } } }, /dynamicAxes names "y"; the inputs are "signal"/);
  await wrong({ dynamicAxes: [{ 0: 3 }] }, /names its dimensions by texts; got 3/);
  await wrong({ dynamicAxes: [{ 5: "n" }] }, /dimension "5" of input 0/);
  await wrong({ dynamicAxes: "batch" }, /got "batch"/);
  await wrong({ inputNames: ["a", "b"] }, /2 names; there are 1/);
  await wrong({ outputNames: ["a", "b"] }, /2 names; the model returns 1/);
  await wrong({ outputNames: [""] }, /texts that are not empty/);
  await assert.rejects(exportOnnx("model" as never, []), { name: "ArgumentError" });
  await assert.rejects(exportOnnx(f, x as never), { name: "ArgumentError" });
  await assert.rejects(
    exportOnnx(() => 3, []),
    { name: "ArgumentError", message: /returns no tensor/ },
  );
  await assert.rejects(saveOnnx("m.onnx", f, [x], { externalData: 1 as never }), { name: "ArgumentError" });
  await assert.rejects(saveOnnx("m.onnx", f, [x], { external_data: true } as never), {
    name: "ArgumentError",
    message: 'saveOnnx: "external_data" is written externalData here',
  });
  await assert.rejects(saveOnnx("m.onnx", f, [x], null as never), { name: "ArgumentError" });
  await assert.rejects(saveOnnx(new WritableStream() as never, f, [x], { externalData: true }), {
    name: "ArgumentError",
    message: /the target is a path/,
  });
});

test("modes, buffers and the generator are as they were, whatever happens", async () => {
  class Fails extends nn.Module {
    readonly norm = new nn.BatchNorm1d(3);
    readonly drop = new nn.Dropout(0.5);
    fails = false;
    override forward(x: Tensor): Tensor {
      if (this.fails) throw new RangeError("midway");
      return this.drop(this.norm(x)).add(0);
    }
  }
  const model = new Fails();
  model.norm.eval();
  const modes = (): boolean[] => model.modules().map(({ training }) => training);
  const before = [modes(), model.norm.runningMean?.toArraySync(), getRngState()];
  await exportOnnx(model as never, [x]);
  assert.deepEqual([modes(), model.norm.runningMean?.toArraySync(), getRngState()], before);
  model.fails = true;
  await assert.rejects(exportOnnx(model as never, [x]), { name: "RangeError", message: "midway" });
  assert.deepEqual([modes(), model.norm.runningMean?.toArraySync(), getRngState()], before);
  assert.deepEqual(modes(), [true, false, true]);
});

test("a model that cannot be written leaves no file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "onnx-"));
  await assert.rejects(
    saveOnnx(join(folder, "m.onnx"), (x: Tensor) => linalg.svd(x).S, [x]),
    { name: "OnnxError" },
  );
  assert.deepEqual(readdirSync(folder), []);
});

test("weights that no file of protobuf holds are refused before they are read", async () => {
  const data = new Float32Array(0);
  const initializers = [{ name: "w", dtype: "float32", dims: [2 ** 10, 2 ** 20], data }];
  await assert.rejects(tensorsInside("exportOnnx", { builder: { initializers } as never }), {
    name: "OnnxError",
    message: /4294967296 bytes, and a file of protobuf at most 2147483647; .*externalData: true/,
  });
});

test("a program that reads elements is refused as by a trace", async () => {
  const branch = (x: Tensor): Tensor => (x.sum().itemSync() > 0 ? x : x.neg());
  await assert.rejects(exportOnnx(branch, [tensor([1])]), { name: "TraceError" });
});
