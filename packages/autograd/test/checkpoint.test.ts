/** Checkpoints have the gradients of what they stand for, of any order, with the same random numbers, and keep nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkpoint, grad, gradgradcheck, noGrad } from "@flambeau/autograd";
import { ArgumentError, AutogradError, ValueError } from "@flambeau/backend";
import { manualSeed, rand, randn, type Tensor, tensor } from "@flambeau/tensor";

const numbers = (x: Tensor | null): unknown => x?.toArraySync();
const drop = (x: Tensor): Tensor => x.mul(rand(x.shape).gt(0.5));

describe("a checkpoint", () => {
  test("has the gradients of its inputs and of all else that the function uses", () => {
    manualSeed(1);
    const [a, b, w] = [randn([3]), randn([3]), randn([3])].map((x) => x.requiresGrad_());
    const outer = b.square();
    const run = (wrap: boolean): unknown[] => {
      for (const x of [a, b, w]) x.grad = null;
      const h = a.mul(2);
      // h is made of a: the way from h to a is not inside.
      const fn = (h: Tensor, a: Tensor, factor: number): [Tensor, Tensor] => [
        h.mul(a).mul(w).add(outer).mul(factor),
        h.sin(),
      ];
      const [y, z] = wrap ? checkpoint(fn, h, a, 3) : fn(h, a, 3);
      y.sum().add(z.prod()).backward({ retainGraph: true });
      return [y, ...[a, b, w].map((x) => x.grad)].map(numbers);
    };
    assert.deepEqual(run(true), run(false));
  });

  test("runs the function once forward and once backward, with the same random numbers", () => {
    let calls = 0;
    const run = (wrap: boolean): unknown[] => {
      manualSeed(5);
      const x = randn([20]).requiresGrad_();
      const fn = (x: Tensor): Tensor => {
        calls++;
        return drop(x.exp());
      };
      const y = wrap ? checkpoint(fn, x) : fn(x);
      const between = rand([2]);
      y.sum().backward();
      return [y, x.grad, between, rand([2])].map(numbers);
    };
    const plain = run(false);
    calls = 0;
    assert.deepEqual(run(true), plain);
    assert.equal(calls, 2);
  });

  test("draws anew where that is asked for, and hands other options on", () => {
    manualSeed(3);
    const x = randn([64]).requiresGrad_();
    const seen: unknown[] = [];
    const fn = (x: Tensor, options: object): Tensor => {
      seen.push(options);
      return drop(x);
    };
    const y = checkpoint(fn, x, { preserveRngState: false, scale: 2 } as object);
    y.sum().backward();
    assert.deepEqual(seen, [{ scale: 2 }, { scale: 2 }]);
    assert.notDeepEqual(numbers((x.grad as Tensor).ne(0)), numbers(y.ne(0)));
  });

  test("does without a graph where nothing needs one", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    assert.equal(noGrad(() => checkpoint((x) => x.exp(), x)).requiresGrad, false);
    assert.equal(checkpoint((x) => x.exp(), tensor([1])).requiresGrad, false);
    const w = tensor([3], { requiresGrad: true });
    checkpoint((x) => x.mul(w), tensor([2])).backward();
    assert.deepEqual(numbers(w.grad), [2]);
    assert.equal(checkpoint((x) => x, x).requiresGrad, true);
  });

  test("leaves other gradients alone in grad, and calls hooks once", () => {
    const [x, w] = [tensor([2, 3], { requiresGrad: true }), tensor([5, 7], { requiresGrad: true })];
    let hooks = 0;
    const h = x.mul(1);
    h.registerHook((g) => {
      hooks++;
      return g.mul(10);
    });
    const [gx] = grad(checkpoint((h) => h.mul(w), h).sum(), x);
    assert.deepEqual([numbers(gx), hooks, w.grad, x.grad], [[50, 70], 1, null, null]);
  });

  test("has second derivatives, and checkpoints within", () => {
    manualSeed(2);
    const fn = (x: Tensor, y: Tensor): Tensor =>
      checkpoint((a, b) => checkpoint((a) => a.sin(), a.mul(b)).mul(a), x, y);
    const inputs = [randn([3], { dtype: "float64" }), randn([3], { dtype: "float64" })].map((x) =>
      x.requiresGrad_(),
    );
    assert.ok(gradgradcheck((x, y) => fn(x as Tensor, y as Tensor), inputs));
    const nested = (x: Tensor): Tensor => fn(x.square(), x);
    assert.ok(gradgradcheck((x) => nested(x as Tensor), [inputs[0]]));
  });

  test("keeps nothing of a call that fails", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const h = x.mul(2);
    const keepers = (): unknown => h.storage.keepers ?? 0;
    const before = keepers();
    const failing: readonly ((h: Tensor) => unknown)[] = [
      () => {
        throw new RangeError("of the function");
      },
      () => "text",
      (h) => h.add_(1),
    ];
    for (const fn of failing) {
      assert.throws(() => checkpoint(fn, h));
      assert.equal(keepers(), before);
    }
    assert.throws(() => checkpoint(failing[0], h), RangeError);
    let calls = 0;
    const y = checkpoint((h: Tensor) => (calls++ === 0 ? h.square() : h.square().sum()), h);
    const held = keepers();
    assert.throws(() => y.sum().backward(), AutogradError);
    assert.equal(keepers(), held);
  });

  test("refuses options that are mistaken", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const wrong = (options: object): unknown => checkpoint((x: Tensor) => x.exp(), x, options as never);
    assert.throws(
      () => wrong({ use_reentrant: false }),
      /checkpoint: "use_reentrant" is written useReentrant here/,
    );
    assert.throws(() => wrong({ preserve_rng_state: false }), /written preserveRngState/);
    assert.throws(() => wrong({ preserveRNGState: false }), /did you mean "preserveRngState"/);
    assert.throws(() => wrong({ preserveRngState: 1 }), ArgumentError);
    assert.throws(() => wrong({ preserveRngState: null }), /true or false; got null/);
    assert.throws(() => wrong({ useReentrant: null }), ValueError);
    assert.throws(() => checkpoint(x as never, x), ArgumentError);
    assert.throws(() => checkpoint(undefined as never), /a function first; got undefined/);
  });

  test("says what it cannot do", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    assert.throws(() => checkpoint((x: Tensor) => x.exp(), x, { useReentrant: true as false }), ValueError);
    assert.throws(() => checkpoint((_x) => "text", x), AutogradError);
    assert.throws(() => checkpoint((h: Tensor) => h.mul_(2), x.mul(1)), AutogradError);
    let calls = 0;
    const moody = checkpoint((x) => (calls++ === 0 ? x.exp() : x.exp().sum()), x);
    assert.throws(() => moody.sum().backward(), /\[2\] at first, and \[\] when run again/);
    const others = [tensor([1], { requiresGrad: true }), tensor([2], { requiresGrad: true })];
    const fickle = checkpoint((x) => x.mul(others.pop() as Tensor), x);
    assert.throws(() => fickle.sum().backward(), /other tensors/);
    const y = checkpoint((x) => x.exp(), x).sum();
    y.backward();
    assert.throws(() => y.backward(), /already run backward/);
    const h = x.mul(2);
    const late = checkpoint((h) => h.exp(), h);
    h.detach().add_(1);
    assert.throws(() => late.sum().backward(), /overwritten/);
  });
});
