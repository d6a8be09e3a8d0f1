import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { Linear, ReLU, Sequential } from "@flambeau/nn";
import { type Tensor, tensor } from "@flambeau/tensor";

describe("a Sequential's ReLU behind a Linear, which overwrites what nobody has seen", () => {
  const x = tensor([
    [1, -2, 3],
    [-1, 0.5, 2],
  ]);

  test("gives the results and gradients of the layers called one by one", () => {
    const model = new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 2));
    const loss = model(x).square().sum();
    loss.backward();
    const together = model.parameters().map((p) => p.grad!.toArraySync());
    model.zeroGrad();
    const apart = (model.at(2) as Linear)((model.at(0) as Linear)(x).relu())
      .square()
      .sum();
    apart.backward();
    assert.equal(loss.itemSync(), apart.itemSync());
    assert.deepEqual(
      together,
      model.parameters().map((p) => p.grad!.toArraySync()),
    );
  });

  test("leaves alone what a hook has seen, and subclasses", () => {
    class Keeping extends Linear {
      last: Tensor | null = null;
      override forward(x: Tensor): Tensor {
        this.last = super.forward(x);
        return this.last;
      }
    }
    const linear = new Linear(3, 4);
    const keeping = new Keeping(3, 4);
    let seen: Tensor | null = null;
    linear.registerForwardHook((_, __, output) => {
      seen = output;
    });
    new Sequential(linear, new ReLU())(x);
    assert.ok((seen as unknown as Tensor).lt(0).any().itemSync());
    keeping.weight.detach().copy_(linear.weight.detach());
    new Sequential(keeping, new ReLU())(x);
    assert.ok(keeping.last!.lt(0).any().itemSync());
  });
});
