/** What another realm made: a frame of a page, or here a context of `node:vm`. `instanceof` does not see what it is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import vm from "node:vm";
import type { TypedArray } from "@flambeau/backend";
import { backendOf } from "@flambeau/tensor";
import {
  asTensor,
  cat,
  data,
  fromNpy,
  fromNumpy,
  Generator,
  grad,
  linspace,
  nn,
  ones,
  optim,
  summary,
  type Tensor,
  tensor,
  toNpy,
  zeros,
} from "flambeau";
import { testOn, webgpu } from "./devices/devices.ts";

const kinds = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];

/** An array of a new context with these elements. */
function foreign(kind: Kind, elements: readonly number[]): TypedArray {
  const suffix = kind === "int64" ? "n" : "";
  const list = elements.map((x) => `${x}${suffix}`).join();
  const array = vm.runInNewContext(`new ${kinds[kind].name}([${list}])`) as TypedArray;
  assert.ok(!(array instanceof kinds[kind]), "it is of another realm");
  return array;
}

function counted(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i % 100);
}

describe("typed arrays of another realm", () => {
  for (const kind of names) {
    test(`make tensors: ${kind}`, () => {
      const own = tensor([1, 2, 3], { dtype: kind });
      for (const make of [tensor, asTensor, fromNumpy] as const) {
        const x = make(foreign(kind, [1, 2, 3]) as Float32Array);
        assert.equal(x.dtype, kind);
        assert.equal(String(x), String(own));
      }
      assert.equal(
        String(tensor(foreign(kind, [1, 0, 3]), { dtype: "bool" })),
        "tensor([ True, False,  True])",
      );
    });

    test(`share their memory: ${kind}`, () => {
      const array = foreign(kind, [1, 2, 3]);
      const x = fromNumpy(array as Float32Array);
      x.mul_(2);
      assert.deepEqual(Array.from(array as ArrayLike<number | bigint>, Number), [2, 4, 6]);
      (array as Float32Array)[0] = (kind === "int64" ? 7n : 7) as number;
      assert.deepEqual(Array.from(x.dataSync(), Number), [7, 4, 6]);
      assert.ok(x.numpy() instanceof kinds[kind]);
    });

    test(`are computed with, of any length: ${kind}`, () => {
      for (const n of [1, 3, 40, 3000]) {
        const elements = counted(n);
        const [theirs, ours] = [
          fromNumpy(foreign(kind, elements) as Float32Array),
          tensor(elements, { dtype: kind }),
        ];
        const programs: ((x: Tensor) => Tensor)[] = [
          (x) => x.add(x).mul(x),
          (x) => x.to("float64"),
          (x) => x.to("float32").exp(),
          (x) => x.sum(),
          (x) => x.gt(2),
          (x) => x.sort().indices,
          (x) => x.cumsum(0),
          (x) => x.at("::2").contiguous(),
          (x) => x.unsqueeze(0).matmul(x.unsqueeze(1)),
          (x) => linspace(0, 1, 100).at(x.to("int64")),
          (x) => x.clone().fill_(1),
        ];
        for (const program of programs) {
          const [got, expected] = [program(theirs), program(ours)];
          assert.equal(got.dtype, expected.dtype);
          assert.deepEqual(got.dataSync(), expected.dataSync(), `${program}, ${n} elements`);
        }
      }
    });
  }

  test("are drawn into", () => {
    for (const kind of names) {
      const draw = (x: Tensor): Tensor =>
        kind.startsWith("float")
          ? x.normal_(0, 1, { generator: new Generator().manualSeed(1) })
          : x.random_(0, 50, { generator: new Generator().manualSeed(1) });
      const theirs = draw(fromNumpy(foreign(kind, counted(20)) as Float32Array));
      assert.deepEqual(theirs.dataSync(), draw(tensor(counted(20), { dtype: kind })).dataSync(), kind);
    }
  });

  test("are batched and loaded", async () => {
    const items = (): TypedArray[] => [foreign("float32", [1, 2]), foreign("float32", [3, 4])];
    const expected = "tensor([[1., 2.],\n        [3., 4.]])";
    assert.equal(String(data.defaultCollate(items())), expected);
    const nested = data.defaultCollate(items().map((x) => [x, { y: x }] as const)) as unknown as [
      Tensor,
      { y: Tensor },
    ];
    assert.equal(String(nested[0]), expected);
    assert.equal(String(nested[1].y), expected);
    for (const batch of new data.DataLoader(items(), { batchSize: 2 })) assert.equal(String(batch), expected);
  });

  test("are read as files and as a generator's state", async () => {
    const bytes = await toNpy(tensor([[1, 2]]));
    assert.equal(String(fromNpy(foreign("uint8", [...bytes]) as Uint8Array)), "tensor([[1., 2.]])");
    const state = new Generator().manualSeed(3).getState();
    const generator = new Generator().setState(foreign("uint8", [...state]) as Uint8Array);
    assert.deepEqual(generator.getState(), state);
  });

  test("of kinds that have no dtype are refused by name", () => {
    const halves = vm.runInNewContext("new Uint16Array(2)") as Uint16Array;
    assert.throws(() => tensor(halves as never), /an? Uint16Array has no dtype/);
    const view = vm.runInNewContext("new DataView(new ArrayBuffer(2))") as DataView;
    assert.throws(() => tensor(view), { name: "DTypeError" });
    assert.throws(() => new Generator().setState(halves as never), /must be a Uint8Array/);
  });

  testOn(webgpu, "are uploaded", async () => {
    for (const kind of names.filter((name) => backendOf("webgpu").supports(name))) {
      const x = tensor(foreign(kind, [1, 2, 3]), { device: "webgpu" });
      assert.deepEqual(Array.from(await x.add(x).data(), Number), [2, 4, 6], kind);
    }
  });
});

/** The value of an expression in a new context; a function's results are of that context, too. */
const theirs = <T>(expression: string): T => vm.runInNewContext(`(${expression})`) as T;
/** A copy of an object or array, made in another realm; what is in it stays what it was. */
const copied = <T>(x: T): T => theirs<(x: T) => T>("(x) => Array.isArray(x) ? [...x] : { ...x }")(x);

describe("objects and arrays of another realm", () => {
  const leaf = (): Tensor => tensor([1, 2], { requiresGrad: true });

  test("are no instances of this realm's classes", () => {
    for (const x of [{}, []]) assert.ok(!(copied(x) instanceof Object));
  });

  test("are options", () => {
    const x = leaf();
    const loss = x.square().sum();
    loss.backward(theirs<{ retainGraph: true }>("{ retainGraph: true }"));
    loss.backward();
    assert.deepEqual(x.grad?.toArraySync(), [4, 8]);
    assert.equal(zeros([2], theirs("{ dtype: 'float64' }")).dtype, "float64");
    assert.deepEqual(x.sum(0, theirs("{ keepdim: true }")).shape, [1]);
    assert.equal(x.to(theirs<{ dtype: "float64" }>("{ dtype: 'float64' }")).dtype, "float64");
    assert.equal(new nn.Linear(2, 1, theirs<{ bias: boolean }>("{ bias: false }")).parameters().length, 1);
    const { padding } = new nn.Conv2d(1, 1, 3, theirs<{ padding: [number, number] }>("{ padding: [1, 1] }"));
    assert.deepEqual([...padding], [1, 1]);
    const adam = new optim.Adam([leaf()], theirs<{ lr: number }>("{ lr: 0.5, betas: [0.5, 0.5] }"));
    assert.equal(adam.paramGroups[0].lr, 0.5);
    assert.equal([...new data.DataLoader(copied([1, 2, 3, 4]), theirs("{ batchSize: 4 }"))].length, 1);
  });

  test("are shapes, values, indices and lists of tensors", () => {
    assert.deepEqual([...zeros(copied([2, 3])).shape], [2, 3]);
    assert.deepEqual([...ones([6]).view(copied([2, 3])).shape], [2, 3]);
    assert.equal(
      String(tensor(theirs<number[][]>("[[1, 2], [3, 4]]"))),
      String(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    );
    assert.deepEqual(
      tensor([1, 2, 3])
        .at(copied([2, 0]))
        .toArraySync(),
      [3, 1],
    );
    assert.deepEqual(cat(copied([leaf(), leaf()])).shape, [4]);
    const x = leaf();
    assert.equal(grad(x.sum(), copied([x])).length, 1);
    assert.equal(new nn.ParameterList(copied([new nn.Parameter(leaf())])).parameters().length, 1);
    assert.equal(new nn.ModuleDict(copied({ a: new nn.ReLU() })).size, 1);
    for (const [a, b] of data.defaultCollate(copied([copied([1, 2]), copied([3, 4])])) as Tensor[])
      assert.ok(a !== undefined && b !== undefined);
    assert.deepEqual(Object.keys(data.defaultCollate(copied([copied({ a: 1 })])) as object), ["a"]);
  });

  test("are groups of parameters", () => {
    const optimizer = new optim.SGD(copied([copied({ params: copied([leaf()]), lr: 0.2 })]), { lr: 0.1 });
    assert.equal(optimizer.paramGroups[0].lr, 0.2);
    assert.equal(new optim.SGD(copied([copied(["w", leaf()] as const)]), { lr: 0.1 }).paramGroups.length, 1);
  });

  test("are state dicts", () => {
    const model = new nn.Linear(2, 1);
    model.loadStateDict(copied({ weight: ones([1, 2]), bias: zeros([1]) }), theirs("{ strict: true }"));
    assert.deepEqual(model.weight.toArraySync(), [[1, 1]]);
    const optimizer = new optim.Adam([leaf()]);
    const [param] = optimizer.paramGroups[0].params;
    param.sum().backward();
    optimizer.step();
    const { state, param_groups } = optimizer.stateDict();
    const theirState = copied({
      state: copied({ 0: copied(state[0]) }),
      param_groups: copied(param_groups.map(copied)),
    });
    optimizer.loadStateDict(theirState);
    assert.equal(optimizer.state.get(param)?.step, 1);
  });

  test("are what a layer gives", () => {
    class Named extends nn.Module {
      linear: nn.Linear = new nn.Linear(2, 3);
      override forward(x: Tensor): Map<string, Tensor> {
        return theirs<(x: Tensor) => Map<string, Tensor>>("(x) => new Map([['a', x]])")(this.linear(x));
      }
    }
    assert.match(String(summary(new Named(), [2])), /Named: 0-0.*|\[-1, 3\]/);
    const [layer] = summary(new nn.Sequential(new Named()), [2]).layers;
    assert.deepEqual(layer.outputSize, [-1, 3]);
  });

  test("are quoted in errors by what they hold", async () => {
    assert.throws(() => new nn.Linear(theirs<number>("[{ a: 1 }]"), 1), { message: /got \[\{ a: 1 \}\]/ });
    assert.throws(() => fromNpy(theirs<Uint8Array>("new ArrayBuffer(8)")), {
      message: /new Uint8Array\(buffer\)/,
    });
  });
});
