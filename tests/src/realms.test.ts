/** Typed arrays that another realm made: a frame of a page, or here a context of `node:vm`. `instanceof` does not see what they are. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import vm from "node:vm";
import type { TypedArray } from "@flambeau/backend";
import {
  asTensor,
  data,
  fromNpy,
  fromNumpy,
  Generator,
  linspace,
  type Tensor,
  tensor,
  toNpy,
} from "flambeau";
import { testOn, webgpu } from "./devices/devices.ts";

const kinds = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
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
    const halves = vm.runInNewContext("new Int16Array(2)") as Int16Array;
    assert.throws(() => tensor(halves), /a Int16Array has no dtype/);
    const view = vm.runInNewContext("new DataView(new ArrayBuffer(2))") as DataView;
    assert.throws(() => tensor(view), { name: "DTypeError" });
    assert.throws(() => new Generator().setState(halves as never), /must be a Uint8Array/);
  });

  testOn(webgpu, "are uploaded", async () => {
    for (const kind of names.filter((name) => name !== "float64")) {
      const x = tensor(foreign(kind, [1, 2, 3]), { device: "webgpu" });
      assert.deepEqual(Array.from(await x.add(x).data(), Number), [2, 4, 6], kind);
    }
  });
});
