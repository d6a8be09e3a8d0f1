/** Functions with derivatives of their own, beyond the programs compared with PyTorch. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AutogradFunction,
  type FunctionContext,
  type FunctionGradients,
  gradcheck,
  gradgradcheck,
} from "@flambeau/autograd";
import { arange, ones, type Tensor, tensor } from "@flambeau/tensor";
import { leaf } from "./support.ts";

/** x * sin(y), and the sum of x. */
class Wave extends AutogradFunction {
  static override forward(ctx: FunctionContext, x: Tensor, y: Tensor): readonly [Tensor, Tensor] {
    ctx.saveForBackward(x, y);
    return [x.mul(y.sin()), x.sum()];
  }
  static override backward(ctx: FunctionContext, g: Tensor, gs: Tensor): FunctionGradients {
    const [x, y] = ctx.savedTensors;
    return [g.mul(y.sin()).add(gs), g.mul(x).mul(y.cos())];
  }
}

const numbers = (x: Tensor | null): number[] => Array.from((x as Tensor).detach().dataSync(), Number);

describe("AutogradFunction", () => {
  test("passes gradcheck and gradgradcheck", () => {
    const inputs = [leaf([0.3, -1.2, 2]), leaf([1.5, 0.2, -0.7])];
    const wave = (x: Tensor, y: Tensor): Tensor => {
      const [waves, sum] = Wave.apply(x, y);
      return waves.mul(sum);
    };
    assert.equal(gradcheck(wave, inputs), true);
    assert.equal(gradgradcheck(wave, inputs), true);
  });

  test("arguments have their types, results their hooks and gradients", () => {
    const x = leaf([1, 2]);
    const [waves, sum] = Wave.apply(x, leaf([0, 0]));
    // @ts-expect-error -- y is missing
    assert.throws(() => Wave.apply(x));
    waves.retainGrad();
    sum.registerHook((g) => g.mul(10));
    waves.sum().add(sum).backward();
    assert.deepEqual(
      [numbers(waves.grad), numbers(x.grad)],
      [
        [1, 1],
        [10, 10],
      ],
    );
    assert.equal(waves.gradFn?.name, "WaveBackward");
  });

  test("what backward holds on to stays as it is", () => {
    const constant = ones([3], { dtype: "float64" });
    const held: Tensor[] = [];
    class Held extends AutogradFunction {
      static override forward(ctx: FunctionContext, x: Tensor): Tensor {
        const y = x.exp();
        ctx.saveForBackward(x, y);
        return y;
      }
      static override backward(ctx: FunctionContext, g: Tensor): Tensor {
        held.push(g, ...ctx.savedTensors);
        return constant;
      }
    }
    const x = leaf([1, 2, 3]);
    for (let i = 0; i < 3; i++) {
      // What passes between is the library's own, and goes back by name.
      const y = Held.apply(x.mul(2)).mul(3).relu_();
      y.add(Held.apply(x.mul(2)))
        .sum()
        .backward();
    }
    assert.deepEqual(numbers(constant), [1, 1, 1]);
    assert.deepEqual(numbers(x.grad), [12, 12, 12]);
    assert.equal(held.length, 18);
    for (const [i, kept] of held.entries()) {
      const wanted = [[1, 3], [2], [Math.exp(2)]][i % 3];
      assert.ok(
        wanted.some((value) => Math.abs(value - numbers(kept)[0]) < 1e-12),
        `${i}: ${kept}`,
      );
    }
    x.grad!.fill_(5);
    assert.deepEqual(numbers(constant), [1, 1, 1]);
  });

  test("a result that is an argument, a view or there twice is a tensor of its own", () => {
    class Same extends AutogradFunction {
      static override forward(_ctx: FunctionContext, x: Tensor): Tensor[] {
        const y = x.mul(2);
        return [x, x.at("1:"), y.at(":1"), y, y];
      }
      static override backward(_ctx: FunctionContext, ...grads: Tensor[]): Tensor {
        return grads[0].mul(grads[3].add(grads[4]).sum().add(grads[1].sum()).add(grads[2].sum()));
      }
    }
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    const results = Same.apply(y);
    results[0].mul_(10);
    results[1].mul_(10);
    results[2].mul_(10);
    assert.deepEqual(results.map(numbers), [[10, 20, 30], [20, 30], [20], [2, 4, 6], [2, 4, 6]]);
    assert.deepEqual(numbers(y), [1, 2, 3]);
    results[0].sum().add(results[3].sum()).backward();
    assert.deepEqual(numbers(x.grad), [30, 30, 30]);
  });

  test("a forward that overwrites what requires a gradient is refused", () => {
    class Overwrite extends AutogradFunction {
      static override forward(_ctx: FunctionContext, x: Tensor): Tensor {
        return x.mul_(2);
      }
      static override backward(_ctx: FunctionContext, g: Tensor): Tensor {
        return g;
      }
    }
    assert.throws(
      () => Overwrite.apply(leaf([1, 2]).mul(1)),
      /forward of Overwrite has overwritten argument 0/,
    );
    assert.deepEqual(numbers(Overwrite.apply(tensor([1, 2]))), [2, 4]);
  });

  test("one without forward or backward says so, and what throws leaves recording on", () => {
    class Nothing extends AutogradFunction {}
    assert.throws(() => Nothing.apply(leaf(1)), { name: "AutogradError", message: /forward/ });
    assert.equal(leaf(1).mul(2).requiresGrad, true);
    class Forward extends AutogradFunction {
      static override forward(_ctx: FunctionContext, x: Tensor): Tensor {
        return x.mul(2);
      }
    }
    assert.throws(() => Forward.apply(leaf(1)).backward(), { name: "AutogradError", message: /backward/ });
    class Five extends Forward {
      static override backward(): never {
        return 5 as never;
      }
    }
    assert.throws(() => Five.apply(leaf(1)).backward(), /argument 0: a gradient is a tensor; got 5/);
  });

  test("integers and what is marked so have no gradient", () => {
    class Split extends AutogradFunction {
      static override forward(ctx: FunctionContext, x: Tensor): [Tensor, Tensor, Tensor, string] {
        const whole = x.trunc();
        ctx.markNonDifferentiable(whole);
        return [whole, x.sub(whole), x.to("int64"), "text"];
      }
      static override backward(_ctx: FunctionContext, ...[whole, part, integers, text]: Tensor[]): Tensor {
        assert.deepEqual([numbers(whole), numbers(integers), text], [[0, 0], [0, 0], null]);
        return part;
      }
    }
    const x = leaf([1.5, -2.25]);
    const [whole, part, integers, text] = Split.apply(x);
    assert.deepEqual(
      [whole.requiresGrad, part.requiresGrad, integers.requiresGrad, text],
      [false, true, false, "text"],
    );
    part
      .mul(arange(2, { dtype: "float64" }))
      .sum()
      .backward();
    assert.deepEqual(numbers(x.grad), [0, 1]);
  });

  test("zeros stand for gradients that have not arrived, or null", () => {
    const seen: (string | null)[] = [];
    class Twice extends AutogradFunction {
      static override forward(ctx: FunctionContext, x: Tensor, zeros: boolean): [Tensor, Tensor] {
        ctx.setMaterializeGrads(zeros);
        return [x.mul(2), x.mul(3)];
      }
      static override backward(_ctx: FunctionContext, g: Tensor | null, h: Tensor | null): FunctionGradients {
        seen.push(h === null ? null : String(numbers(h)));
        return [(g as Tensor).mul(2), null];
      }
    }
    for (const zeros of [true, false]) {
      const x = leaf([1, 2]);
      Twice.apply(x, zeros)[0].sum().backward();
      assert.deepEqual(numbers(x.grad), [2, 2]);
    }
    assert.deepEqual(seen, ["0,0", null]);
  });

  test("a gradient of another dtype is converted", () => {
    class Half extends AutogradFunction {
      static override forward(_ctx: FunctionContext, x: Tensor): Tensor {
        return x.mul(0.5);
      }
      static override backward(_ctx: FunctionContext, g: Tensor): Tensor {
        return g.to("float32").mul(0.5);
      }
    }
    const x = leaf([1, 2]);
    Half.apply(x).sum().backward();
    assert.deepEqual([x.grad?.dtype, numbers(x.grad)], ["float64", [0.5, 0.5]]);
  });
});
