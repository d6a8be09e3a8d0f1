/** gradcheck and gradgradcheck find what is wrong, and say where. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck, type Rule, structuralRules } from "@flambeau/autograd";
import { AutogradError, DTypeError } from "@flambeau/backend";
import { cat, record, type Tensor, tensor } from "@flambeau/tensor";
import { leaf, plain } from "./support.ts";

/** An op whose rule the test chooses. */
function withRule(rule: Rule<undefined>, body: (op: (x: Tensor) => Tensor) => void): void {
  const rules = structuralRules as unknown as Record<string, Rule<undefined>>;
  rules.testCube = rule;
  try {
    body((x) => record("testCube" as never, [x], undefined as never, x.detach().pow(3)));
  } finally {
    delete rules.testCube;
  }
}

describe("gradcheck", () => {
  test("passes right gradients of several inputs and outputs", () => {
    const [x, y] = [leaf([0.5, -1]), leaf([[1], [2]])];
    assert.equal(
      gradcheck((a, b) => [a.mul(b), a.sin().sum(), a.gt(0)], [x, y]),
      true,
    );
    assert.equal(
      gradcheck((a) => a.exp(), x),
      true,
    );
    assert.equal(x.grad, null);
    assert.deepEqual([...x.detach().dataSync()], [0.5, -1]);
  });

  test("names the element of a wrong one", () => {
    withRule({ saves: [0], backward: (c, g) => [g.mul(c.input(0).square()).mul(2)] }, (cube) => {
      assert.throws(() => gradcheck((_, x) => cube(x), [plain([1]), leaf([1, 2])]), {
        name: "AutogradError",
        message:
          /output 0, element 0, with respect to input 1, element 0, is 2; finite differences give (3\.0|2\.99)/,
      });
      assert.equal(gradcheck(cube, leaf([1, 2]), { raiseException: false }), false);
    });
  });

  test("finds a gradient that is missing altogether", () => {
    const cut = (x: Tensor): Tensor => x.detach().mul(2);
    assert.throws(() => gradcheck((x) => cut(x), leaf([1, 2])), AutogradError);
    assert.equal(
      gradcheck((x) => cat([x, cut(x)]), leaf([1, 2]), { raiseException: false }),
      false,
    );
  });

  test("takes float64 inputs, at least one of which requires a gradient", () => {
    assert.throws(() => gradcheck((x) => x.mul(2), tensor([1], { requiresGrad: true })), DTypeError);
    assert.throws(() => gradcheck((x) => x.mul(2), plain([1])), AutogradError);
  });

  test("non-contiguous, scalar and empty inputs", () => {
    const matrix = plain([
      [1, 2],
      [3, 4],
    ])
      .t()
      .detach()
      .requiresGrad_();
    for (const x of [matrix, leaf(2), leaf([])])
      assert.equal(
        gradcheck((x) => x.mul(x), x),
        true,
      );
  });
});

describe("gradgradcheck", () => {
  test("passes right ones", () => {
    assert.equal(
      gradgradcheck((x, y) => x.mul(y).tanh(), [leaf([0.5, -1]), leaf([[1], [2]])]),
      true,
    );
    assert.equal(
      gradgradcheck((x) => x.mul(3), leaf([1, 2])),
      true,
    );
  });

  test("finds a gradient that is right, but cut off from its input", () => {
    withRule({ saves: [0], backward: (c, g) => [g.mul(c.input(0).detach().square()).mul(3)] }, (cube) => {
      assert.equal(gradcheck(cube, leaf([1, 2])), true);
      assert.equal(gradgradcheck(cube, leaf([1, 2]), { raiseException: false }), false);
    });
  });
});
