import assert from "node:assert/strict";
import { test } from "node:test";
import { type Call, graphText, Size, TraceError, trace, type Value } from "@flambeau/graph";
import { cat, F, getRngState, manualSeed, nn, randn, type Tensor, tensor } from "flambeau";

class Attention extends nn.Module {
  readonly qkv = new nn.Linear(8, 24);
  readonly drop = new nn.Dropout(0.1);

  override forward(x: Tensor): Tensor {
    const [batch, time, channels] = x.shape;
    const [q, k, v] = this.qkv(x)
      .split(8, -1)
      .map((part) => part.view([batch, time, 2, channels / 2]).transpose(1, 2));
    const y = F.scaledDotProductAttention(q, k, v, { isCausal: true });
    return this.drop(y.transpose(1, 2).reshape([batch * time, channels]))
      .view([batch, time, channels])
      .add(x);
  }
}

test("calls stand in the program's order, with arguments by name and open sizes", () => {
  const graph = trace(new Attention(), [randn([2, 5, 8])], { axes: [{ 0: "batch", 1: "time" }] });
  assert.equal(
    graphText(graph),
    `%x: float32[batch, time, 8]
%24: float32[batch, time, 8] = Attention(%x)
  %3: float32[batch, time, 24] = Linear<qkv>(%x)
  %4: float32[batch, time, 8], %5: float32[batch, time, 8], %6: float32[batch, time, 8] = split(input=%3, splitSizeOrSections=8, dim=-1)
  %7: float32[batch, time, 2, 4] = view(input=%4, shape=[batch, time, 2, 4])
  %8: float32[batch, 2, time, 4] = transpose(input=%7, dim0=1, dim1=2)
  %9: float32[batch, time, 2, 4] = view(input=%5, shape=[batch, time, 2, 4])
  %10: float32[batch, 2, time, 4] = transpose(input=%9, dim0=1, dim1=2)
  %11: float32[batch, time, 2, 4] = view(input=%6, shape=[batch, time, 2, 4])
  %12: float32[batch, 2, time, 4] = transpose(input=%11, dim0=1, dim1=2)
  %15: float32[batch, 2, time, 4] = scaledDotProductAttention(query=%8, key=%10, value=%12, dropoutP=0, isCausal=true, enableGqa=false)
  %16: float32[batch, time, 2, 4] = transpose(input=%15, dim0=1, dim1=2)
  %18: float32[batch*time, 8] = reshape(input=%16, shape=[batch*time, 8])
  %22: float32[batch*time, 8] = Dropout<drop>(%18)
  %23: float32[batch, time, 8] = view(input=%22, shape=[batch, time, 8])
  %24: float32[batch, time, 8] = add(input=%23, other=%x, alpha=1)
return %24`,
  );
  assert.deepEqual(graph.axes, { batch: 2, time: 5 });
});

test("parameters, buffers and constants are values with their elements and names", () => {
  const held = tensor([1, 2]);
  class Net extends nn.Module {
    readonly fc = new nn.Linear(2, 2, { bias: false });
    readonly scale = new nn.Buffer(tensor([3, 4]));
    override forward(x: Tensor): Tensor {
      return this.fc(x).mul(this.scale).add(held);
    }
  }
  const model = new Net();
  const { constants } = trace(model, [randn([3, 2])], { axes: [{ 0: "batch" }] });
  assert.deepEqual(
    constants.map(({ origin, name }) => [origin, name]),
    [
      ["parameter", "fc.weight"],
      ["buffer", "scale"],
      ["constant", ""],
    ],
  );
  assert.equal(constants[0].tensor, model.fc.weight);
  assert.equal(constants[2].tensor, held);
});

test("sizes are sums of products of the axes; others are unknown in shapes and refused in arguments", () => {
  const halve = (x: Tensor): Tensor => x.at("::2");
  const { output } = trace(halve, [randn([4, 3])], { axes: [{ 0: "n" }] });
  assert.deepEqual((output as Value).shape, [null, 3]);
  const padded = trace((x: Tensor) => F.pad(x, [1, 2]).flatten(), [randn([4, 3, 2])], {
    axes: [{ 0: "a", 2: "b" }],
  });
  assert.equal(String((padded.output as Value).shape), "3*a*b+9*a");
  assert.ok((padded.output as Value).shape[0] instanceof Size);
  const half = (x: Tensor): Tensor => x.view([-1]).at(`:${Math.floor(x.shape[0] / 2)}`);
  assert.throws(() => trace(half, [randn([4, 3])], { axes: [{ 0: "n" }] }), TraceError);
});

test("ranges of an index may be of open sizes", () => {
  const first = (x: Tensor): Tensor => x.at(`1:${x.shape[1]}`, `:${x.shape[1] - 1}`);
  const graph = trace(first, [randn([8, 3])], { axes: [{ 1: "n" }] });
  assert.equal(
    graphText(graph),
    `%x: float32[8, n]
%1: float32[n-1, n-1] = at(input=%x, index=["1:n", ":n-1"])
return %1`,
  );
});

test("elements of typed arrays that follow from sizes are refused", () => {
  const count = (x: Tensor): Tensor => x.add(tensor(Float32Array.of(x.shape[0])));
  assert.throws(() => trace(count, [randn([4, 3])], { axes: [{ 0: "n" }] }), { name: "TraceError" });
  assert.doesNotThrow(() => trace(count, [randn([4, 3])]));
});

test("a tensor whose shape or memory is changed in place is refused where it is used", () => {
  const grow = (x: Tensor): Tensor => x.clone().unsqueeze_(0).add(1);
  assert.throws(() => trace(grow, [randn([2])]), { name: "TraceError", message: /in place|in no graph/ });
  const turn = (x: Tensor): Tensor => {
    const y = x.clone();
    y.transpose_(0, 1);
    return y.add(1);
  };
  assert.throws(() => trace(turn, [randn([2, 2])]), { name: "TraceError" });
  const swap = (x: Tensor): Tensor => {
    const y = x.clone();
    y.data = x.mul(2);
    return y.add(1);
  };
  assert.throws(() => trace(swap, [randn([2])]), { name: "TraceError" });
});

test("an elementwise primitive comes with its formula", () => {
  const [call] = trace((x: Tensor) => x.exp(), [randn([2])]).calls;
  assert.equal(call.formula, null);
  assert.equal(call.inner[0].formula?.name, "exp");
});

test("what depends on elements is refused with the call and its place", () => {
  const branch = (x: Tensor): Tensor => (x.sum().itemSync() > 0 ? x : x.neg());
  assert.throws(() => trace(branch, [tensor([1])]), {
    name: "TraceError",
    message: /^dataSync reads elements at branch \(.*trace\.test\.ts:\d+:\d+\): /,
  });
  const compare = (x: Tensor): Tensor => (x.equal(x) ? x : x.neg());
  assert.throws(() => trace(compare, [tensor([1])]), {
    name: "TraceError",
    message: /^equal reads elements/,
  });
  const loop = (x: Tensor): Tensor => cat(x.unbind().map((row) => row.mul(2)));
  assert.doesNotThrow(() => trace(loop, [randn([4, 3])]));
  assert.throws(() => trace(loop, [randn([4, 3])], { axes: [{ 0: "n" }] }), TraceError);
});

test("tracing changes neither buffers nor the random stream, and records no gradient", () => {
  const model = new nn.Sequential(new nn.BatchNorm1d(2), new nn.Dropout(0.5));
  manualSeed(3);
  const before = getRngState();
  const x = randn([4, 2]);
  manualSeed(3);
  trace(model, [x], { axes: [{ 0: "batch" }] });
  assert.deepEqual(getRngState(), before);
  const [batchNorm] = model;
  assert.deepEqual((batchNorm as nn.BatchNorm1d).runningMean?.toArraySync(), [0, 0]);
  assert.equal((batchNorm as nn.BatchNorm1d).numBatchesTracked?.itemSync(), 0);
});

test("a tensor written in place is a new value; a detached one is the same", () => {
  const graph = trace(
    (x: Tensor) => {
      const y = x.mul(2);
      const z = y.detach();
      y.add_(1);
      return [y, z.sum()];
    },
    [randn([2])],
  );
  const [mul, add, sum] = graph.calls.filter(({ kind }) => kind === "call");
  assert.deepEqual([mul.name, add.name, sum.name], ["mul", "add_", "sum"]);
  assert.notEqual(add.outputs[0], mul.outputs[0]);
  // The detached tensor shows the memory that was written over.
  assert.equal(sum.inputs[0], add.outputs[0]);
});

test("a detached tensor is the program's own, not a view that a call made", () => {
  const graph = trace(
    (x: Tensor) => {
      const y = x.mul(2);
      y.set([y.gt(0)], 7);
      return y.detach().sum();
    },
    [randn([3, 2])],
    { axes: [{ 0: "n" }] },
  );
  const [mul, , , sum] = graph.calls;
  assert.deepEqual([mul.name, sum.name], ["mul", "sum"]);
  assert.equal(sum.inputs[0], mul.outputs[0]);
});

test("a module that returns a detached tensor returns what it computed", () => {
  class Frozen extends nn.Module {
    override forward(x: Tensor): Tensor {
      return x.mul(2).detach();
    }
  }
  const { calls, output } = trace(new Frozen(), [randn([2])]);
  assert.equal(calls[0].inner[0].outputs[0], output);
  assert.equal(calls[0].outputs[0], output);
});

test("every value is an input, a constant, or what an earlier call gave", () => {
  const lstm = new nn.LSTM(3, 4, { batchFirst: true, numLayers: 2, bidirectional: true });
  const graph = trace(lstm, [randn([2, 5, 3])], { axes: [{ 0: "batch", 1: "time" }] });
  const [call] = graph.calls;
  assert.deepEqual(
    call.outputs.map(({ shape }) => String(shape)),
    ["batch,time,8", "4,batch,4", "4,batch,4"],
  );
  const known = new Set<Value>([...graph.inputs, ...graph.constants]);
  const check = ({ inputs, inner, outputs }: Call): void => {
    for (const value of inputs) assert.ok(known.has(value), String(value));
    inner.forEach(check);
    for (const value of outputs) known.add(value);
  };
  graph.calls.forEach(check);
});

test("wrong arguments are refused", () => {
  const f = (x: Tensor): Tensor => x;
  assert.throws(() => trace("model" as never, []), { name: "ArgumentError" });
  assert.throws(() => trace(f, tensor([1]) as never), { name: "ArgumentError" });
  assert.throws(() => trace(f, [tensor([1])], { axes: [{ 1: "n" }] }), { name: "ArgumentError" });
  assert.throws(() => trace(f, [tensor([1])], { axes: "n" } as never), {
    name: "ArgumentError",
    message: 'trace: axes is an array of { dimension: name }; got "n"',
  });
  assert.throws(() => trace(f, [tensor([1])], { axis: [] } as never), {
    name: "ArgumentError",
    message: 'trace: unknown option "axis"; did you mean "axes"?',
  });
  assert.throws(() => trace(f, [randn([2]), randn([3])], { axes: [{ 0: "n" }, { 0: "n" }] }), {
    name: "ShapeError",
  });
});
