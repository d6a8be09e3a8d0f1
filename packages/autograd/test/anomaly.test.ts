/** detectAnomaly, with the words of PyTorch 1.13, and the warning of a loss that is nan. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { AutogradError, setWarningHandler, type WarningHandler } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import { AutogradFunction, detectAnomaly, grad, isAnomalyEnabled, setDetectAnomaly } from "../src/index.ts";

const warnings: string[] = [];
let before: WarningHandler | null;
beforeEach(() => {
  before = setWarningHandler((text) => warnings.push(text));
});
afterEach(() => {
  setWarningHandler(before);
  warnings.length = 0;
});

const leaf = (): Tensor => tensor([0, 1], { requiresGrad: true });
/** The derivative of the root of 0 is infinite, and times 0 it is nan. */
function failing(x: Tensor): Tensor {
  return x.sqrt().mul(0).sum();
}
const ENABLED =
  "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.";
const message = "Function 'SqrtBackward0' returned nan values in its 0th output.";

describe("detectAnomaly", () => {
  test("names the call whose gradient is nan, and its stack", () => {
    const x = leaf();
    assert.throws(
      () => detectAnomaly(() => failing(x).backward()),
      (error) => {
        assert.ok(error instanceof AutogradError);
        assert.equal(error.message, message);
        assert.match((error.cause as Error).stack ?? "", /failing/);
        return true;
      },
    );
    assert.equal(warnings[0], ENABLED);
    assert.match(
      warnings[1],
      /^Error detected in SqrtBackward0\. Traceback of forward call that caused the error:\n/,
    );
    assert.match(warnings[1], /failing/);
    assert.equal(warnings.length, 2);
    assert.equal(x.grad, null);
    assert.equal(isAnomalyEnabled(), false);
  });

  test("without the forward pass says what is missing", () => {
    const y = failing(leaf());
    assert.throws(() => detectAnomaly(() => y.backward()), { message });
    assert.deepEqual(warnings.slice(1), [
      "Error detected in SqrtBackward0. No forward pass information available. Enable detect anomaly during forward pass for more information.",
    ]);
  });

  test("of a second derivative names the pass that made the node", () => {
    const x = leaf();
    assert.throws(
      () =>
        detectAnomaly(() => {
          const [g] = grad(x.pow(1.5).sum(), x, { createGraph: true });
          g.mul(0).sum().backward();
        }),
      { message: "Function 'PowBackward0' returned nan values in its 0th output." },
    );
    assert.match(warnings[1], /^Error detected in PowBackward0/);
    assert.match(
      warnings[2],
      /^Previous calculation was induced by PowBackward0\. Traceback of forward call that induced the previous calculation:\n/,
    );
  });

  test("without checkNan lets nan pass, and reports what throws", () => {
    const x = leaf();
    detectAnomaly(() => failing(x).backward(), { checkNan: false });
    assert.equal(String(x.grad), "tensor([nan, 0.])");
    assert.deepEqual(warnings, [ENABLED]);
    class Broken extends AutogradFunction {
      static override forward(_: unknown, x: Tensor): Tensor {
        return x.clone();
      }
      static override backward(): Tensor {
        throw new RangeError("no derivative");
      }
    }
    assert.throws(() => detectAnomaly(() => Broken.apply(leaf()).sum().backward(), { checkNan: false }), {
      name: "RangeError",
      message: "no derivative",
    });
    assert.match(warnings[2], /^Error detected in BrokenBackward\. Traceback/);
  });

  test("what has no nan is as without it", () => {
    const [x, y] = [leaf(), leaf()];
    const f = (z: Tensor): Tensor => z.mul(z).add(z).cumsum(0).max(0).values.sum();
    f(x).backward();
    assert.equal(
      detectAnomaly(() => f(y).backward()),
      undefined,
    );
    assert.equal(String(y.grad), String(x.grad));
  });

  test("is a scope: for a block, until a promise settles, or switched", async () => {
    {
      using _ = detectAnomaly();
      assert.ok(isAnomalyEnabled());
      setDetectAnomaly(false);
      assert.equal(isAnomalyEnabled(), false);
    }
    const promise = detectAnomaly(async () => {
      await null;
      return isAnomalyEnabled();
    });
    assert.ok(isAnomalyEnabled());
    assert.equal(await promise, true);
    assert.equal(isAnomalyEnabled(), false);
    assert.throws(() =>
      detectAnomaly(() => {
        throw new Error();
      }),
    );
    assert.equal(isAnomalyEnabled(), false);
    setDetectAnomaly(true);
    assert.throws(() => failing(leaf()).backward(), { message });
    setDetectAnomaly(false);
  });
});

describe("a loss that is nan", () => {
  const bad = (): void => leaf().mul(Number.NaN).sum().backward();
  const good = (): void => leaf().sum().backward();

  test("is warned of once, until one is none again", () => {
    good();
    bad();
    bad();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /^backward: the loss is nan.*detectAnomaly/);
    good();
    bad();
    assert.equal(warnings.length, 2);
    good();
  });

  test("is warned of once for each handler: a test does not depend on those before it", () => {
    bad();
    const [before, seen]: [number, string[]] = [warnings.length, []];
    const outer = setWarningHandler((text) => seen.push(text));
    try {
      bad();
      bad();
    } finally {
      setWarningHandler(outer);
    }
    assert.equal(seen.length, 1);
    bad();
    assert.equal(warnings.length, before + 1);
    good();
  });

  test("is not, where the gradient is given: it is no loss", () => {
    leaf()
      .mul(Number.NaN)
      .backward(tensor([1, 1]));
    assert.deepEqual(warnings, []);
  });
});
