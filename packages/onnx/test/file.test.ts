import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { exportOnnx, saveOnnx } from "@flambeau/onnx";
import { arange, cat, F, manualSeed, nn, type Tensor, tensor } from "flambeau";
import * as ort from "onnxruntime-web";
import { type Decoded, decode, dims, graphOf, names } from "./decode.ts";
import { assertSame, run, sessionOf, tensorsIn, wave } from "./runtime.ts";

class Net extends nn.Module {
  readonly fc = new nn.Linear(4, 8);
  readonly blocks = new nn.ModuleList([new nn.Linear(8, 8), new nn.Linear(8, 8)]);
  readonly scale = new nn.Buffer(tensor([2]));
  override forward(x: Tensor): { logits: Tensor; parts: Tensor[] } {
    let y = F.relu(this.fc(x));
    for (const block of this.blocks) y = y.add(block(y));
    return { logits: y.mul(this.scale), parts: [cat([y, y]), y.at("::2")] };
  }
}

function made(): Net {
  manualSeed(0);
  return new Net();
}

const options = { dynamicAxes: [{ 0: "batch" }] };

test("parameters keep their keys, nodes stand at the paths of modules, sizes are named", async () => {
  const graph = graphOf(await exportOnnx(made() as never, [wave([4, 4])], options));
  assert.deepEqual(names(graph.initializer).slice(0, 2), ["fc.weight", "fc.bias"]);
  assert.ok(names(graph.initializer).includes("blocks.1.weight"));
  assert.ok(names(graph.initializer).includes("scale"));
  const nodes = names(graph.node) as string[];
  assert.ok(nodes.includes("fc/Gemm") && nodes.includes("blocks/1/Gemm"), nodes.join());
  assert.deepEqual(names(graph.input), ["x"]);
  assert.deepEqual(names(graph.output), ["logits", "parts.0", "parts.1"]);
  const shapes = (graph.output as Decoded[]).map(dims);
  assert.deepEqual(shapes, [
    ["batch", 8],
    ["2*batch", 8],
    ["parts.1_axis_0", 8],
  ]);
  const infos = (graph.valueInfo as Decoded[]).map(dims);
  assert.ok(infos.length > 0 && infos.every(([batch]) => batch === "batch"));
});

test("the same model gives the same bytes", async () => {
  const [a, b] = [
    await exportOnnx(made() as never, [wave([4, 4])], options),
    await exportOnnx(made() as never, [wave([4, 4])], options),
  ];
  assert.deepEqual(a, b);
});

test("names of inputs and outputs may be given, and axes by them", async () => {
  const bytes = await exportOnnx(made() as never, [wave([4, 4])], {
    inputNames: ["image"],
    outputNames: ["a", "b", "c"],
    dynamicAxes: { image: { 0: "n" }, a: { 0: "n" } },
    opset: 20,
  });
  const model = decode("Model", bytes);
  const graph = graphOf(bytes);
  assert.deepEqual([names(graph.input), names(graph.output)], [["image"], ["a", "b", "c"]]);
  assert.deepEqual(dims(graph.input?.[0] as Decoded), ["n", 4]);
  assert.deepEqual(names(model.opsetImport, "version"), [20]);
  const listed = await exportOnnx(made() as never, [wave([4, 4])], { dynamicAxes: { x: [0] } });
  assert.deepEqual(dims(graphOf(listed).input?.[0] as Decoded), ["x_axis_0", 4]);
});

test("a parameter that two modules share is written once", async () => {
  class Tied extends nn.Module {
    readonly a = new nn.Linear(3, 3, { bias: false });
    readonly b = new nn.Linear(3, 3, { bias: false });
    constructor() {
      super();
      this.b.weight = this.a.weight;
    }
    override forward(x: Tensor): Tensor {
      return this.b(this.a(x));
    }
  }
  const graph = graphOf(await exportOnnx(new Tied() as never, [wave([2, 3])]));
  assert.deepEqual(names(graph.initializer), ["a.weight"]);
});

test("an axis is read once, and what is not used is left out", async () => {
  const positions = (x: Tensor): Tensor => {
    x.exp();
    const [, T] = x.shape;
    return x.view([-1, T]).add(arange(T)).add(arange(0, T)).div(T);
  };
  const graph = graphOf(await exportOnnx(positions, [wave([3, 5])], { dynamicAxes: [{ 0: "n", 1: "t" }] }));
  const ops = names(graph.node, "opType");
  assert.equal(ops.filter((op) => op === "Shape").length, 1);
  assert.ok(!ops.includes("Exp"));
});

test("an input or a constant that is returned is passed on, and a result may be returned twice", async () => {
  const held = tensor([1, 2]);
  const same = (x: Tensor): Tensor[] => {
    const y = x.add(1);
    return [x, held, y, y];
  };
  const bytes = await exportOnnx(same, [wave([2])]);
  const session = await sessionOf(bytes);
  const actual = await run(session, [wave([2])]);
  await assertSame(actual, session.outputNames, tensorsIn(same(wave([2]))), 0);
});

test("saveOnnx writes one file, or the weights beside it at whole pages", async () => {
  const folder = mkdtempSync(join(tmpdir(), "onnx-"));
  const model = new nn.Sequential(
    new nn.Linear(64, 32),
    new nn.Tanh(),
    new nn.Linear(32, 40, { bias: false }),
  );
  const x = wave([3, 64]);
  await saveOnnx(join(folder, "one.onnx"), model, [x]);
  assert.deepEqual(readFileSync(join(folder, "one.onnx")), Buffer.from(await exportOnnx(model, [x])));
  await saveOnnx(join(folder, "two.onnx"), model, [x], { externalData: true });
  assert.deepEqual(readdirSync(folder).sort(), ["one.onnx", "two.onnx", "two.onnx.data"]);
  const bytes = readFileSync(join(folder, "two.onnx"));
  const data = readFileSync(join(folder, "two.onnx.data"));
  const outside = (graphOf(bytes).initializer as Decoded[]).filter((one) => one.externalData !== undefined);
  assert.deepEqual(names(outside), ["0.weight", "2.weight"]);
  const entries = outside.map((one) => names(one.externalData, "value"));
  assert.deepEqual(entries, [
    ["two.onnx.data", "0", "8192"],
    ["two.onnx.data", "8192", "5120"],
  ]);
  assert.equal(data.length, 8192 + 5120);
  const session = await ort.InferenceSession.create(bytes, {
    externalData: [{ path: "two.onnx.data", data }],
  });
  await assertSame(await run(session, [x]), session.outputNames, [model(x)], 1e-5);
});

test("16-bit floats are stored as their bits, and nested inputs have names of their own", async () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 3)).half();
  const x = wave([3, 4], "float16");
  const bytes = await exportOnnx(model, [x]);
  const session = await sessionOf(bytes);
  await assertSame(await run(session, [x]), session.outputNames, [model(x)], 2e-3);
  class Stateful extends nn.Module {
    readonly lstm = new nn.LSTM(4, 3);
    // Names of their own: bundlers rename what hides another.
    override forward(sequence: Tensor, memory: [Tensor, Tensor]): unknown {
      return this.lstm(sequence, memory);
    }
  }
  const states = [wave([1, 2, 3]), wave([1, 2, 3])];
  const graph = graphOf(await exportOnnx(new Stateful() as never, [wave([5, 2, 4]), states]));
  assert.deepEqual(names(graph.input), ["sequence", "memory0", "memory1"]);
  assert.deepEqual(names(graph.output), ["output0", "output1.0", "output1.1"]);
});
