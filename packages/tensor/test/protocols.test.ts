/** What JavaScript itself asks of a tensor: iteration, conversion to a number or text, JSON. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { DeviceError, type DType, DTypeError, ShapeError, ValueError } from "@flambeau/backend";
import { CpuBackend } from "@flambeau/cpu-backend";
import * as T from "@flambeau/tensor";

/** A device that cannot be read at once. */
class Late extends CpuBackend {
  override readonly name: string = "late";
  constructor() {
    super();
    Object.defineProperty(this, "downloadSync", { value: undefined });
  }
}
T.registerBackend(new Late());
const late = T.tensor([1], { device: "late" });

describe("iteration", () => {
  const x = T.arange(6).reshape([3, 2]);

  test("gives views of the rows", () => {
    const rows = [...x];
    assert.deepEqual(
      rows.map((row) => row.tolist()),
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    );
    const y = x.clone();
    for (const row of y) row.at(0).fill_(9);
    assert.deepEqual(y.tolist(), [
      [9, 1],
      [9, 3],
      [9, 5],
    ]);
  });

  test("destructures, spreads and maps", () => {
    const [a, b] = T.tensor([1, 2]);
    assert.deepEqual([a.itemSync(), b.itemSync()], [1, 2]);
    assert.deepEqual([...T.zeros([0, 3])], []);
    assert.deepEqual(
      Array.from(x.T, (row) => row.sum().itemSync()),
      [6, 9],
    );
  });

  test("of a scalar is an error", () => {
    assert.throws(() => [...T.tensor(3)], { name: "ShapeError", message: /without dimensions.*iterated/ });
  });

  test("a device that waits has rows too", () => {
    assert.equal([...late].length, 1);
  });
});

describe("conversion", () => {
  const dtypes: DType[] = ["float32", "float64", "int64", "int32", "uint8", "bool"];

  test("to text stays what it was", () => {
    for (const dtype of dtypes) {
      const x = T.tensor([[1, 0]], { dtype });
      assert.equal(`${x}`, x.toString());
      assert.equal(String(x), x.toString());
      assert.equal(inspect(x), x.toString());
      assert.equal([x].join(), x.toString());
    }
    assert.match(`${late}`, /late/);
  });

  test("to a number takes one element", () => {
    for (const dtype of dtypes) assert.equal(Number(T.tensor([[1]], { dtype })), 1, dtype);
    assert.equal(Number(T.tensor(2.5)), 2.5);
    assert.equal(Math.sqrt(T.tensor([9]) as never), 3);
    assert.ok(Number.isNaN(Number(T.tensor(Number.NaN))));
    for (const x of [T.tensor([1, 2]), T.zeros([0])]) {
      assert.throws(() => Number(x), ShapeError);
      assert.throws(() => (x as never as number) * 2, /no operators for tensors.*x\.mul\(2\)/);
    }
    assert.throws(() => Number(late), { name: "DeviceError", message: /await x\.item\(\)/ });
    assert.throws(() => Number(T.tensor(2n ** 60n)), ValueError);
  });

  test("the operators + and == are errors that name the methods", () => {
    const x = T.tensor(1) as never as number;
    assert.throws(() => x + 1, { name: "DTypeError", message: /x\.add\(1\).*item\(\)/ });
    assert.throws(() => "x is ".concat("") + x, DTypeError);
    // biome-ignore lint/suspicious/noDoubleEquals: what is tested
    assert.throws(() => x == 1, /x\.eq\(y\)/);
    assert.equal((x as never as null) == null, false);
  });
});

describe("JSON", () => {
  test("is nested arrays that tensor takes back", () => {
    const rows = [
      [1, 2.5],
      [-0.5, 1e-3],
    ];
    const x = T.tensor(rows, { dtype: "float64" });
    assert.equal(JSON.stringify(x), "[[1,2.5],[-0.5,0.001]]");
    assert.ok(T.equal(T.tensor(JSON.parse(JSON.stringify(x)), { dtype: "float64" }), x));
    assert.equal(JSON.stringify(x.T), "[[1,-0.5],[2.5,0.001]]");
    assert.equal(JSON.stringify({ w: T.tensor([true, false]), b: T.tensor(3) }), '{"w":[true,false],"b":3}');
    assert.equal(JSON.stringify(T.tensor([1n, -(2n ** 53n - 1n)])), "[1,-9007199254740991]");
    assert.equal(JSON.stringify(T.tensor([Number.NaN, Infinity])), "[null,null]");
    assert.equal(JSON.stringify(T.zeros([2, 0])), "[[],[]]");
  });

  test("cannot hold what is no number there, or is not here yet", () => {
    assert.throws(() => JSON.stringify(T.tensor([2n ** 53n])), ValueError);
    assert.throws(() => JSON.stringify(late), { name: "DeviceError", message: /await x\.toArray\(\)/ });
    assert.throws(() => late.toJSON(), DeviceError);
  });
});
