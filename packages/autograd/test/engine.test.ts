/** Modes, hooks, errors and ownership: what the engine promises besides right numbers. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { enableGrad, grad, isGradEnabled, noGrad, setGradEnabled } from "@flambeau/autograd";
import { ArgumentError, AutogradError, ShapeError, ValueError } from "@flambeau/backend";
import { add, cat, ones, type Tensor, tensor, where, zeros } from "@flambeau/tensor";
import fc from "fast-check";
import { leaf, plain } from "./support.ts";

const list = (x: Tensor | null): number[] => [...(x as Tensor).detach().dataSync()].map(Number);

describe("modes", () => {
  const x = leaf([1, 2]);
  test("using a guard", () => {
    {
      using _ = noGrad();
      assert.equal(x.mul(2).requiresGrad, false);
      {
        using _ = enableGrad();
        assert.equal(x.mul(2).requiresGrad, true);
      }
      assert.equal(isGradEnabled(), false);
    }
    assert.equal(isGradEnabled(), true);
  });

  test("a guard that is disposed twice changes nothing the second time", () => {
    const outer = noGrad();
    const inner = enableGrad();
    inner[Symbol.dispose]();
    inner[Symbol.dispose]();
    assert.equal(isGradEnabled(), false);
    outer[Symbol.dispose]();
    assert.equal(isGradEnabled(), true);
  });

  test("an error ends the scope", () => {
    assert.throws(() => noGrad(() => assert.fail("inside")), /inside/);
    assert.equal(isGradEnabled(), true);
  });

  test("a promise holds the mode until it settles", async () => {
    const inside = noGrad(async () => {
      await null;
      return isGradEnabled();
    });
    assert.equal(isGradEnabled(), false);
    assert.equal(await inside, false);
    assert.equal(isGradEnabled(), true);
    await assert.rejects(
      noGrad(async () => Promise.reject(new Error("later"))),
      /later/,
    );
    assert.equal(isGradEnabled(), true);
  });

  test("promises that end in another order than they began leave the right mode behind", async () => {
    const gates: (() => void)[] = [];
    const wait = (): Promise<void> => new Promise((resolve) => gates.push(resolve));
    const first = noGrad(wait);
    const second = noGrad(wait);
    gates[0]();
    await first;
    assert.equal(isGradEnabled(), false);
    gates[1]();
    await second;
    assert.equal(isGradEnabled(), true);
  });

  test("setGradEnabled lasts to the end of the scope it is called in", () => {
    noGrad(() => {
      setGradEnabled(true);
      assert.equal(isGradEnabled(), true);
    });
    setGradEnabled(false);
    assert.equal(x.mul(2).requiresGrad, false);
    setGradEnabled(true);
    assert.equal(x.mul(2).requiresGrad, true);
  });

  test("a backward pass is not recorded, unless createGraph asks for it even inside noGrad", () => {
    const y = x.pow(3).sum();
    const [g] = noGrad(() => grad(y, x, { createGraph: true }));
    assert.equal(g.requiresGrad, true);
    assert.equal(grad(y, x)[0].requiresGrad, false);
    assert.equal(isGradEnabled(), true);
  });
});

describe("hooks", () => {
  test("one registered twice is removed once", () => {
    const x = leaf(1);
    const double = (g: Tensor): Tensor => g.mul(2);
    const remove = x.registerHook(double);
    x.registerHook(double);
    remove();
    remove();
    x.mul(1).backward();
    assert.deepEqual(list(x.grad), [2]);
  });

  test("a gradient of another dtype is converted, one of another shape refused", () => {
    const x = leaf([1, 2]);
    const remove = x.registerHook((g) => g.float());
    x.sum().backward();
    assert.equal(x.grad?.dtype, "float64");
    remove();
    x.registerHook((g) => g.sum());
    assert.throws(() => x.sum().backward(), {
      name: "ShapeError",
      message: /a hook: a gradient of shape \[\]/,
    });
  });

  test("an error in one leaves the mode as it was", () => {
    const h = leaf(1).mul(2);
    h.registerHook(() => assert.fail("hook"));
    assert.throws(() => h.backward(), /hook/);
    assert.equal(isGradEnabled(), true);
  });

  test("they are recorded with createGraph", () => {
    const x = leaf([1, 2]);
    const y = x.pow(2);
    y.registerHook((g) => g.mul(x.detach()));
    const [g] = grad(y.sum(), x, { createGraph: true });
    assert.deepEqual(list(grad(g.sum(), x)[0]), [2, 4]);
  });

  test("those of a leaf run before its gradient is handed out by grad, as in PyTorch 2", () => {
    const x = leaf([1, 2]);
    x.registerHook((g) => g.mul(2));
    assert.deepEqual(list(grad(x.mul(3).sum(), x)[0]), [6, 6]);
    assert.equal(x.grad, null);
  });

  test("retainGrad goes along with writes in place, as in PyTorch 2", () => {
    const x = leaf([1, 2]);
    const h = x.mul(3);
    h.retainGrad();
    h.mul_(2);
    h.mul(plain([5, 7]))
      .sum()
      .backward();
    assert.deepEqual(list(h.grad), [5, 7]);
    assert.deepEqual(list(x.grad), [30, 42]);
  });
});

describe("errors say what is wrong and leave tensors as they were", () => {
  const cases: Readonly<Record<string, [() => unknown, new (message: string) => Error, RegExp]>> = {
    "backward of a vector": [
      () => leaf([1, 2]).mul(2).backward(),
      AutogradError,
      /only a tensor of one element.*\[2\].*sum\(\) or mean\(\)/,
    ],
    "backward without a graph": [
      () => ones([1]).backward(),
      AutogradError,
      /does not depend on any that requires a gradient/,
    ],
    "a gradient of another shape": [
      () =>
        leaf([1, 2])
          .mul(2)
          .backward(ones([3])),
      ShapeError,
      /\[3\].*\[2\]/,
    ],
    "a gradient that is no tensor": [
      () =>
        leaf([1, 2])
          .mul(2)
          .backward([1, 2] as never),
      ArgumentError,
      /backward: gradient is a tensor; got an array/,
    ],
    "grad with too few gradients": [
      () => grad([leaf(1).mul(2), leaf(1).mul(2)], leaf(1), { gradOutputs: [ones([])] }),
      ValueError,
      /1 gradients were given for 2 outputs/,
    ],
    "grad of a plain tensor": [() => grad(ones([1]), leaf(1)), AutogradError, /output 0 does not depend/],
    "grad by a plain tensor": [
      () => grad(leaf(1).mul(2), ones([1])),
      AutogradError,
      /input 0 does not require a gradient/,
    ],
    "grad by an unused tensor": [
      () => grad(leaf(1).mul(2), leaf(2)),
      AutogradError,
      /do not depend on input 0.*allowUnused/,
    ],
    "requiresGrad of integers": [
      () => tensor([1n]).requiresGrad_(),
      AutogradError,
      /only floats have gradients; this tensor is int64/,
    ],
    "requiresGrad off for a result": [
      () => leaf(1).mul(2).requiresGrad_(false),
      AutogradError,
      /use detach\(\)/,
    ],
    "retainGrad without a gradient": [
      () => ones([1]).retainGrad(),
      AutogradError,
      /does not require a gradient/,
    ],
    "a hook without a gradient": [
      () => ones([1]).registerHook(() => {}),
      AutogradError,
      /does not require a gradient/,
    ],
  };
  for (const [name, [run, kind, message]] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(run, (error: Error) => {
        assert.ok(error instanceof kind, `${error}`);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test("a gradient that is set has the tensor's shape and dtype", () => {
    const x = leaf([1, 2]);
    assert.throws(() => (x.grad = zeros([3], { dtype: "float64" })), ShapeError);
    assert.throws(() => (x.grad = zeros([2])), { name: "DTypeError", message: /float64; got float32/ });
    assert.equal(x.grad, null);
    x.grad = plain([1, 1]);
    x.sum().backward();
    assert.deepEqual(list(x.grad), [2, 2]);
  });

  const writes: Readonly<Record<string, (x: Tensor) => unknown>> = {
    add_: (x) => x.add_(1),
    copy_: (x) => x.copy_(plain(7)),
    fill_: (x) => x.fill_(7),
    set: (x) => x.set([0], 7),
    "set with a mask": (x) => x.set([x.gt(1)], 7),
    "a view": (x) => x.at("1:").zero_(),
    "a view of a view": (x) => x.reshape([2, 1]).at(0).exp_(),
    uniform_: (x) => x.uniform_(),
    scatter_: (x) => x.scatter_(0, tensor([0n]), 3),
  };
  const leaves: Readonly<Record<string, () => Tensor>> = {
    "a leaf": () => leaf([1, 2]),
    "a leaf that is a view": () =>
      plain([[1, 2]])
        .reshape([2])
        .requiresGrad_(),
  };
  const kinds = Object.entries(leaves);
  for (const [name, write, kind, make] of Object.entries(writes).flatMap(([n, w]) =>
    kinds.map(([k, m]) => [n, w, k, m] as const),
  )) {
    test(`${kind} is not overwritten: ${name}`, () => {
      const x = make();
      const y = x.mul(x).sum();
      assert.throws(() => write(x), { name: "AutogradError", message: /leaf.*noGrad\(\)/ });
      assert.deepEqual(list(x), [1, 2]);
      assert.ok(x.isLeaf && x.requiresGrad);
      y.backward(); // its version has not moved
      assert.deepEqual(list(x.grad), [2, 4]);
      noGrad(() => write(x));
      assert.notDeepEqual(list(x), [1, 2]);
      assert.ok(x.isLeaf && x.requiresGrad);
    });
  }

  test("a stale saved tensor is named by its op, shape and versions", () => {
    const h = leaf([1, 2]).mul(2);
    const y = h.sin();
    h.zero_();
    assert.throws(() => y.sum().backward(), {
      name: "AutogradError",
      message:
        /shape \[2\] that the gradient of sin needs was overwritten in place: it is at version 1, expected 0/,
    });
  });

  test("a released graph says how to keep it", () => {
    const y = leaf([1, 2]).exp().sum();
    y.backward();
    assert.throws(() => y.backward(), { name: "AutogradError", message: /graph of exp .*retainGraph: true/ });
  });

  test("a disposed saved tensor is an error", () => {
    const x = leaf([1, 2]);
    const h = x.mul(2);
    const y = h.mul(h).sum();
    h.dispose();
    assert.throws(() => y.backward(), { name: "AutogradError", message: /mul needs was disposed/ });
  });
});

describe("grad", () => {
  test("gives zeros for what was not used, where they are asked for", () => {
    const [x, y] = [leaf([1, 2]), leaf([[1, 2, 3]])];
    const [gx, gy] = grad(x.sum(), [x, y], { materializeGrads: true });
    assert.throws(() => grad(x.sum(), [x, y], { allowUnused: false, materializeGrads: true }), ValueError);
    assert.deepEqual(list(gx), [1, 1]);
    assert.deepEqual(
      [gy.shape, list(gy)],
      [
        [1, 3],
        [0, 0, 0],
      ],
    );
  });

  test("the same input twice has its gradient twice", () => {
    const x = leaf(3);
    assert.deepEqual(grad(x.mul(x), [x, x]).map(list), [[6], [6]]);
  });
});

describe("dtypes", () => {
  test("a gradient has the dtype and shape of its operand", () => {
    for (const [a, b] of [
      ["float32", "float64"],
      ["float64", "float32"],
    ] as const) {
      const x = tensor([[1, 2]], { dtype: a, requiresGrad: true });
      const y = tensor([[3], [4]], { dtype: b, requiresGrad: true });
      x.mul(y).sum().backward();
      assert.deepEqual([x.grad?.dtype, x.grad?.shape, list(x.grad)], [a, [1, 2], [7, 7]]);
      assert.deepEqual([y.grad?.dtype, y.grad?.shape, list(y.grad)], [b, [2, 1], [3, 3]]);
    }
  });

  test("through casts, and with integer and bool operands", () => {
    const x = tensor([1.5, 2], { requiresGrad: true });
    const mask = tensor([true, false]);
    where(mask, x.double().mul(tensor([3n, 4n])), 0)
      .sum()
      .backward();
    assert.deepEqual([x.grad?.dtype, list(x.grad)], ["float32", [3, 0]]);
  });
});

describe("views", () => {
  test("of a plain tensor, from before it was written to, pass gradients on", () => {
    const [x, w] = [leaf([1, 2]), leaf(5)];
    const y = zeros([3], { dtype: "float64" });
    const v = y.at(":2");
    y.set([0], w);
    v.add_(x);
    y.mul(plain([2, 3, 4]))
      .sum()
      .backward();
    assert.deepEqual([list(y), list(x.grad), list(w.grad)], [[6, 2, 0], [2, 3], [2]]);
  });

  test("of the same elements see each other's writes, whatever was asked of them before", () => {
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    const [a, b] = [y.at(":2"), y.at("1:")];
    assert.equal(b.gradFn?.name, "SliceBackward0");
    a.mul_(b);
    b.mul(plain([1, 10]))
      .sum()
      .backward();
    // b is [2 * 3, 3].
    assert.deepEqual(
      [list(b), list(x.grad)],
      [
        [6, 3],
        [0, 3, 12],
      ],
    );
  });
});

/** What the steps of a random graph do to two tensors of shape [2, 2]. */
const steps: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a) => a.add(1),
  (a) => a.neg(),
  (a) => a.t(),
  (a) => a.reshape([4]).reshape([2, 2]),
  (a) => a.clone(),
  (a) => a.at(0).expand([2, 2]),
  (a) => a.sum().expand([2, 2]),
  (a) => a.at(1).add(a.at(":", 0)).expand([2, 2]),
  (a, b) => cat([a, b]).narrow(0, 1, 2),
  (a, b) => a.matmul(b),
  (a, b) => a.mul(1).copy_(b),
  (a, b) => a.add(0).add_(b),
  (a, b) => {
    const c = a.add(0);
    c.at(":", 0).copy_(b.at(1));
    return c;
  },
  (a, b) =>
    where(
      tensor([
        [true, false],
        [true, true],
      ]),
      a,
      b,
    ),
  (a, b) => add(a.to("float32").to("float64"), b),
];

describe("ownership", () => {
  test("gradients alias neither each other nor a given gradient nor the leaves", () => {
    const graph = fc.record({
      leaves: fc.integer({ min: 1, max: 3 }),
      ops: fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(9), fc.nat(9)), { minLength: 0, maxLength: 6 }),
      createGraph: fc.boolean(),
      twice: fc.boolean(),
      hook: fc.boolean(),
    });
    fc.assert(
      fc.property(graph, ({ leaves: count, ops, createGraph, twice, hook }) => {
        const leaves = Array.from({ length: count }, (_, i) =>
          leaf([
            [1 + i, 2],
            [3, 4 - i],
          ]),
        );
        const seen: Tensor[] = [];
        const build = (): Tensor => {
          const made = [...leaves];
          for (const [op, i, j] of ops) {
            const next = steps[op](made[made.length - 1 - (i % made.length)], made[j % made.length]);
            if (hook) next.registerHook((g) => void seen.push(g));
            made.push(next);
          }
          return made[made.length - 1];
        };
        const given = plain([
          [1, 2],
          [3, 4],
        ]);
        for (let k = 0; k < (twice ? 2 : 1); k++) build().backward(given, { createGraph });
        assert.deepEqual(list(given), [1, 2, 3, 4]);

        const grads = leaves.flatMap((x) => (x.grad === null ? [] : [x.grad]));
        const storages = [...grads, given, ...leaves].map((x) => x.storage);
        assert.equal(new Set(storages).size, storages.length);
        const before = grads.map(list);
        const hooked = seen.map(list);
        grads.forEach((g, k) => {
          noGrad(() => g.fill_(Number.NaN));
          assert.deepEqual(grads.slice(k + 1).map(list), before.slice(k + 1));
        });
        assert.deepEqual(list(given), [1, 2, 3, 4]);
        assert.deepEqual(seen.map(list), hooked);
      }),
      { numRuns: 500 },
    );
  });

  test("what one backward pass gave is not changed by the next, except by adding", () => {
    const x = leaf([1, 2]);
    x.mul(3).sum().backward();
    const held = x.grad as Tensor;
    x.mul(4).sum().backward();
    assert.equal(x.grad, held);
    assert.deepEqual(list(held), [7, 7]);
  });
});

describe("parts of one tensor", () => {
  const range = (most: number): fc.Arbitrary<[number, number, number]> =>
    fc
      .tuple(fc.nat(most - 1), fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: 3 }))
      .map(([start, size, step]) => [start, Math.min(start + size, most), step]);
  const part = fc.oneof(
    fc.tuple(range(4), range(5)).map(
      ([r, c]) =>
        (x: Tensor): Tensor =>
          x.at(r.join(":"), c.join(":")),
    ),
    fc.nat(3).map((row) => (x: Tensor) => x.select(0, row)),
    fc
      .array(fc.nat(3), { minLength: 1, maxLength: 6 })
      .map((rows) => (x: Tensor) => x.indexSelect(0, tensor(rows.map(BigInt)))),
    fc.constant((x: Tensor) => x.mul(2)),
    fc.constant((x: Tensor) => x),
  );

  test("add up their gradients in one, the same as when each is a tensor of its own", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.boolean(), (parts, hook) => {
        const found = [true, false].map((createGraph) => {
          const x = leaf(
            Array.from({ length: 4 }, (_, i) => Array.from({ length: 5 }, (_, j) => i - 0.3 * j)),
          );
          // Not the leaf alone: a tensor between, and what a hook has seen of it.
          const middle = x.mul(x);
          const seen: Tensor[] = [];
          if (hook) middle.registerHook((g) => void seen.push(g));
          let loss = zeros([], { dtype: "float64" });
          parts.forEach((of, k) => {
            loss = loss
              .add(
                of(middle)
                  .square()
                  .sum()
                  .mul(k + 1),
              )
              .add(of(x).sum());
          });
          loss.backward(undefined, { createGraph });
          return [x.grad as Tensor, ...seen].map((g) => list(g));
        });
        assert.deepEqual(found[0], found[1]);
      }),
    );
  });
});

describe("memory", () => {
  test("a device lends more while gradients are on their way, and no longer than that", () => {
    const { backend } = leaf([1]).storage;
    const seen: unknown[] = [];
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.registerHook(() => {
      seen.push(backend.transient);
      enableGrad(() => x.square().sum().backward());
      seen.push(backend.transient);
    });
    y.sum().backward();
    seen.push(backend.transient);
    y.registerHook(() => assert.fail("no more"));
    assert.throws(() => y.sum().backward(), /no more/);
    seen.push(backend.transient);
    x.square().sum().backward(undefined, { createGraph: true });
    assert.deepEqual(seen, [true, true, false, true, true, false]);
  });
});
