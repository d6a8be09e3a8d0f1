/** Views against a naive model: any sequence of them shows the right elements and shares its memory with its base. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { count, expanded, type Model, permuted, reshaped, selected, sliced } from "./model.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** A tensor with elements 0, 1, 2, ... and the model of which element of the base each of its own is. */
function counted(shape: readonly number[]): { base: T.Tensor; model: Model } {
  const n = count(shape);
  const base = T.tensor(Float64Array.from({ length: n }, (_, i) => i)).reshape(shape);
  return { base, model: { shape, elements: Array.from({ length: n }, (_, i) => i) } };
}

/** A choice in [0, n) that numbers drawn by fast-check make. */
type Choose = (n: number) => number;
type Step = readonly [string, (x: T.Tensor, m: Model, choose: Choose) => [T.Tensor, Model]];

const steps: readonly Step[] = [
  [
    "permute",
    (x, m, choose) => {
      const dims = m.shape.map((_, d) => d);
      for (let i = dims.length - 1; i > 0; i--) {
        const j = choose(i + 1);
        [dims[i], dims[j]] = [dims[j], dims[i]];
      }
      return [x.permute(dims), permuted(m, dims)];
    },
  ],
  [
    "slice",
    (x, m, choose) => {
      if (m.shape.length === 0) return [x, m];
      const dim = choose(m.shape.length);
      const size = m.shape[dim];
      const [start, stop, step] = [choose(size + 1), choose(size + 1), 1 + choose(3)];
      const index = [...new Array<string>(dim).fill(":"), `${start}:${stop}:${step}`];
      return [x.at(...index), sliced(m, dim, start, stop, step)];
    },
  ],
  [
    "select",
    (x, m, choose) => {
      const dim = m.shape.findIndex((size) => size > 0);
      if (dim < 0) return [x, m];
      const index = choose(m.shape[dim]);
      const negative = choose(2) === 1;
      return [x.select(dim, negative ? index - m.shape[dim] : index), selected(m, dim, index)];
    },
  ],
  [
    "unsqueeze",
    (x, m, choose) => {
      if (m.shape.length > 5) return [x, m];
      const dim = choose(m.shape.length + 1);
      return [x.unsqueeze(dim), reshaped(m, [...m.shape.slice(0, dim), 1, ...m.shape.slice(dim)])];
    },
  ],
  [
    "squeeze",
    (x, m) => [
      x.squeeze(),
      reshaped(
        m,
        m.shape.filter((size) => size !== 1),
      ),
    ],
  ],
  [
    "expand",
    (x, m, choose) => {
      if (count(m.shape) > 200) return [x, m];
      const shape = m.shape.map((size) => (size === 1 ? choose(4) : size));
      if (choose(2) === 1 && shape.length < 5) shape.unshift(choose(3));
      return [x.expand(shape), expanded(m, shape)];
    },
  ],
  [
    "flatten",
    (x, m, choose) => {
      if (m.shape.length === 0) return [x.flatten(), reshaped(m, [1])];
      const start = choose(m.shape.length);
      const end = start + choose(m.shape.length - start);
      const shape = [
        ...m.shape.slice(0, start),
        count(m.shape.slice(start, end + 1)),
        ...m.shape.slice(end + 1),
      ];
      return [x.flatten(start, end), reshaped(m, shape)];
    },
  ],
  [
    "reshape",
    (x, m, choose) => {
      const shape: number[] = [];
      let left = count(m.shape);
      for (const divisor of [2, 3, 4]) {
        if (left > 0 && left % divisor === 0 && choose(2) === 1) {
          shape.push(divisor);
          left /= divisor;
        }
      }
      shape.splice(choose(shape.length + 1), 0, left);
      return [x.reshape(shape), reshaped(m, shape)];
    },
  ],
];

function assertShows(view: T.Tensor, base: T.Tensor, model: Model): void {
  assert.deepEqual([...view.shape], [...model.shape]);
  const elements = base.dataSync();
  assert.deepEqual(
    [...view.dataSync()],
    model.elements.map((i) => elements[i]),
  );
}

describe("views", () => {
  test("keep their shape when the caller changes the array it gave", () => {
    const makes: Record<string, (shape: number[], strides: number[]) => T.Tensor> = {
      zeros: (shape) => T.zeros(shape),
      full: (shape) => T.full(shape, 1),
      fromNumpy: (shape) => T.fromNumpy(new Float32Array(6), shape),
      view: (shape) => T.ones([6]).view(shape),
      reshape: (shape) => T.ones([6]).reshape(shape),
      "reshape, which copies": (shape) => T.ones([2, 3]).T.reshape(shape),
      expand: (shape) => T.ones([1, 3]).expand(shape),
      unflatten: (shape) => T.ones([6]).unflatten(0, shape),
      asStrided: (shape, strides) => T.asStrided(T.ones([6]), shape, strides),
    };
    for (const [name, make] of Object.entries(makes)) {
      const [shape, strides] = [
        [2, 3],
        [3, 1],
      ];
      const x = make(shape, strides);
      shape[0] = strides[0] = 9;
      assert.deepEqual([x.shape[0], x.strides[0]], [2, name === "expand" ? 0 : 3], name);
    }
  });

  test("any sequence shows the model's elements, and writes pass both ways", () => {
    let shared = 0;
    const drawn = fc.array(fc.tuple(fc.nat({ max: steps.length - 1 }), fc.infiniteStream(fc.nat())), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(shapes, drawn, fc.nat(), (shape, sequence, where) => {
        let { base, model } = counted(shape);
        let view = base;
        for (const [k, numbers] of sequence) {
          const choose: Choose = (n) => (numbers.next().value as number) % n;
          [view, model] = steps[k][1](view, model, choose);
          if (view.storage !== base.storage) {
            // A reshape that had to copy: what follows are views of the copy.
            assertShows(view, base, model);
            const n = count(view.shape);
            base = view;
            model = { shape: view.shape, elements: Array.from({ length: n }, (_, i) => i) };
          }
        }
        assertShows(view, base, model);
        if (model.elements.length === 0) return;
        const target = where % model.elements.length;
        shared++;
        // Through the view: the base has it.
        const before = base.storage.version;
        let one = view;
        for (let rest = target, d = view.ndim - 1; d >= 0; d--) {
          one = one.select(d, rest % view.shape[d]);
          rest = Math.floor(rest / view.shape[d]);
        }
        one.fill_(-7);
        assert.equal(base.dataSync()[model.elements[target]], -7);
        assert.equal(base.storage.version, before + 1, "the version counts writes through views");
        // Through the base: the view has it.
        base.mul_(2);
        assertShows(view, base, model);
      }),
      { numRuns: 600 },
    );
    assert.ok(shared > 100, `${shared} writes`);
  });

  test("unbind, split and chunk cover the tensor and share it", () => {
    fc.assert(
      fc.property(
        shapes.filter((s) => s.length > 0),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (shape, k, size) => {
          const dim = k % shape.length;
          const { base } = counted(shape);
          for (const pieces of [base.split(size, dim), base.chunk(size, dim)]) {
            assert.deepEqual(T.cat(pieces, dim).tolist(), base.tolist());
            assert.ok(pieces.every((p) => p.storage === base.storage));
          }
          const slices = base.unbind(dim);
          if (slices.length > 0) assert.deepEqual(T.stack(slices, dim).tolist(), base.tolist());
        },
      ),
    );
  });

  test("detach shares, clone does not", () => {
    const x = T.zeros([2]);
    x.detach().fill_(1);
    x.clone().fill_(2);
    assert.deepEqual(x.tolist(), [1, 1]);
  });
});
