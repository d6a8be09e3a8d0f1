/** Shapes, strides and broadcasting against their definitions, for every small shape. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  broadcastShapes,
  broadcastStrides,
  checkShape,
  contiguousStrides,
  formatShape,
  IndexError,
  isContiguous,
  normalizeDim,
  normalizeDims,
  numel,
  type Shape,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { everyShape, indicesOf, offsetOf } from "./shapes.ts";

const shapes = everyShape(3, 3);

test("numel counts the indices", () => {
  for (const shape of shapes) assert.equal(numel(shape), indicesOf(shape).length, formatShape(shape));
});

test("contiguous strides number the elements in row-major order", () => {
  for (const shape of shapes) {
    const strides = contiguousStrides(shape);
    assert.deepEqual(
      indicesOf(shape).map((index) => offsetOf(index, strides)),
      Array.from({ length: numel(shape) }, (_, i) => i),
      formatShape(shape),
    );
    assert.ok(isContiguous(shape, strides));
    // A size of 0 counts as 1, as in PyTorch and NumPy.
    assert.deepEqual(strides, contiguousStrides(shape.map((size) => Math.max(size, 1))), formatShape(shape));
  }
});

test("what is contiguous lies in row-major order without gaps, and nothing else does", () => {
  let both = 0;
  const candidates = [0, 1, 2, 3, 4, 6, 9];
  for (const shape of shapes) {
    const all = shape.reduce<number[][]>(
      (found) => found.flatMap((strides) => candidates.map((s) => [...strides, s])),
      [[]],
    );
    for (const strides of all) {
      const wanted = indicesOf(shape).every((index, i) => offsetOf(index, strides) === i);
      assert.equal(isContiguous(shape, strides), wanted, `${formatShape(shape)} by ${formatShape(strides)}`);
      both += Number(wanted);
    }
  }
  assert.ok(both > 1000, `${both} of them are`);
});

test("shapes are the same when their sizes are", () => {
  for (const a of shapes)
    for (const b of shapes) assert.equal(sameShape(a, b), formatShape(a) === formatShape(b));
});

test("a shape's text", () => {
  assert.deepEqual([[], [0], [2, 3]].map(formatShape), ["[]", "[0]", "[2, 3]"]);
});

describe("broadcasting", () => {
  /** By the definition: aligned at the end, missing sizes are 1, and 1 takes the other's size. */
  const defined = (a: Shape, b: Shape): number[] | null => {
    const ndim = Math.max(a.length, b.length);
    const [x, y] = [a, b].map((s) => [...new Array<number>(ndim - s.length).fill(1), ...s]);
    const fit = x.every((size, d) => size === y[d] || size === 1 || y[d] === 1);
    return fit ? x.map((size, d) => (size === 1 ? y[d] : size)) : null;
  };

  test("gives the shape of the definition, in either order, or names both shapes and the sizes", () => {
    let refused = 0;
    for (const a of shapes) {
      for (const b of shapes) {
        const wanted = defined(a, b);
        if (wanted !== null) {
          assert.deepEqual(broadcastShapes(a, b), wanted, `${formatShape(a)} and ${formatShape(b)}`);
          continue;
        }
        refused++;
        assert.throws(
          () => broadcastShapes(a, b),
          (error) => {
            assert.ok(error instanceof ShapeError);
            assert.ok(
              error.message.startsWith(`shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`),
            );
            const [, x, y, at, back] = /sizes (\d+) and (\d+) at dimension (\d+) \(.*: (-\d+)\)/.exec(
              error.message,
            ) as unknown as string[];
            assert.deepEqual([a.at(Number(back)), b.at(Number(back))], [Number(x), Number(y)]);
            assert.equal(Number(at), Math.max(a.length, b.length) + Number(back));
            return true;
          },
        );
      }
    }
    assert.ok(refused > 1000, `${refused} pairs do not fit`);
  });

  test("of three shapes gives the same in any grouping", () => {
    const some = everyShape(2, 2);
    const of = (a: Shape | null, b: Shape | null): Shape | null =>
      a === null || b === null || defined(a, b) === null ? null : broadcastShapes(a, b);
    for (const a of some)
      for (const b of some)
        for (const c of some) {
          const [left, right] = [of(of(a, b), c), of(a, of(b, c))];
          // A grouping may meet a pair that does not fit only where all three do not.
          if (left !== null && right !== null) assert.deepEqual(left, right);
          if (left === null) assert.equal(right, null, [a, b, c].map(formatShape).join(" "));
        }
  });

  test("strides read every element where its own index says", () => {
    for (const shape of shapes) {
      const strides = shape.map((_, d) => 7 ** (d + 1));
      assert.deepEqual(broadcastStrides(shape, strides, shape), strides, "nothing is stretched");
      for (const other of shapes) {
        const to = defined(shape, other);
        if (to === null) continue;
        const stretched = broadcastStrides(shape, strides, to);
        const lead = to.length - shape.length;
        for (const index of indicesOf(to)) {
          const own = shape.map((size, d) => (size === 1 ? 0 : index[lead + d]));
          assert.equal(
            offsetOf(index, stretched),
            offsetOf(own, strides),
            `${formatShape(shape)} to ${formatShape(to)}`,
          );
        }
      }
    }
  });
});

describe("dimensions", () => {
  test("count from either end; a scalar has 0 and -1", () => {
    for (let ndim = 0; ndim <= 4; ndim++) {
      const range = Math.max(ndim, 1);
      for (let dim = -6; dim <= 6; dim++) {
        if (dim >= -range && dim < range) assert.equal(normalizeDim(dim, ndim), (dim + range) % range);
        else {
          const message = `dimension ${dim} is out of range for a tensor of ${ndim} dimension${ndim === 1 ? "" : "s"} (expected ${-range} to ${range - 1})`;
          assert.throws(() => normalizeDim(dim, ndim), new IndexError(message));
        }
      }
    }
  });

  for (const dim of [Number.NaN, 0.5, Infinity, "0", null, undefined, true, 0n] as never[]) {
    test(`${typeof dim} ${String(dim)} is none`, () => {
      assert.throws(() => normalizeDim(dim, 3), IndexError);
      assert.throws(() => normalizeDims([0, dim], 3), IndexError);
    });
  }

  test("a list of them is counted one by one, in its order; none means all", () => {
    assert.deepEqual(normalizeDims([2, -3], 3), [2, 0]);
    assert.deepEqual(normalizeDims(-1, 3), [2]);
    for (let ndim = 0; ndim <= 4; ndim++) {
      const all = Array.from({ length: ndim }, (_, i) => i);
      assert.deepEqual(normalizeDims(undefined, ndim), all);
      assert.deepEqual(normalizeDims([], ndim), all);
      assert.deepEqual(normalizeDims(all, ndim), all);
    }
    for (const dim of [0, -1]) assert.deepEqual([normalizeDims(dim, 0), normalizeDims([dim], 0)], [[], []]);
  });

  test("one named twice is refused, from either end, and so is what is no list", () => {
    assert.throws(() => normalizeDims([0, 0], 2), ShapeError);
    assert.throws(() => normalizeDims([1, -1], 2), {
      name: "ShapeError",
      message: /\[1, -1\] name one dimension twice/,
    });
    assert.throws(() => normalizeDims({ keepdim: true } as never, 2), {
      name: "IndexError",
      message: /before any options; got \{ keepdim: true \}/,
    });
  });
});

describe("a shape that a user gives", () => {
  test("is itself when its sizes are integers from 0", () => {
    for (const shape of shapes) assert.equal(checkShape(shape), shape);
  });

  for (const shape of [
    [-1],
    [2, 1.5],
    [Number.NaN],
    [Infinity],
    ["2"],
    [null],
    [undefined],
    [2n],
  ] as never[]) {
    test(`has no size ${String(shape)}`, () => {
      assert.throws(() => checkShape(shape), {
        name: "ShapeError",
        message: /sizes are integers from 0; got \[/,
      });
    });
  }
  for (const shape of [3, "3", { 0: 3, length: 1 }, null, undefined, new Int32Array([2])] as never[]) {
    test(`is an array, not ${Object.prototype.toString.call(shape)}`, () => {
      assert.throws(() => checkShape(shape), { name: "ShapeError", message: /a shape is an array of sizes/ });
    });
  }
});
