/** What differentiation takes: by position, by name, and what it refuses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as autograd from "@flambeau/autograd";
import { manualSeed, onesLike, type Tensor, tensor } from "@flambeau/tensor";
import { describeArguments, testRow } from "../../../tests/src/arguments.ts";
import { leaf } from "./support.ts";

type Run = (...args: never[]) => unknown;
const mode = (): boolean => autograd.isGradEnabled();
const square = (x: Tensor): Tensor => x.mul(x);

function differentiated(): Record<string, unknown> {
  const x = leaf([1, 2]);
  const y = square(x).sum();
  return {
    outputs: y,
    inputs: x,
    gradOutputs: onesLike(y.detach()).mul(2),
    retainGraph: true,
    createGraph: true,
  };
}

describe("autograd", () =>
  describeArguments(
    autograd,
    {
      grad: {
        run: (...args) => String(autograd.grad(...args)),
        positional: differentiated,
        named: () => ({ allowUnused: true, materializeGrads: true }),
        required: ["outputs", "inputs"],
        own: ["materializeGrads", "allowUnused"],
      },
      gradcheck: {
        run: (...args) => autograd.gradcheck(...args),
        positional: () => ({ func: square, inputs: leaf([1, 2]) }),
        named: () => ({ eps: 1e-5, atol: 1e-4, rtol: 1e-2, raiseException: false }),
        required: ["func", "inputs"],
      },
      gradgradcheck: {
        run: (...args) => {
          manualSeed(1);
          return autograd.gradgradcheck(...args);
        },
        positional: () => ({ func: square, inputs: leaf([1, 2]), gradOutputs: leaf([1, 1]) }),
        named: () => ({ eps: 1e-5, atol: 1e-4, rtol: 1e-2, raiseException: false }),
        required: ["func", "inputs"],
      },
      setGradEnabled: {
        run: (...args) => {
          using _ = autograd.enableGrad();
          autograd.setGradEnabled(...args);
          return autograd.isGradEnabled();
        },
        positional: () => ({ mode: false }),
        required: ["mode"],
      },
      GradModeGuard: {
        run: (...args) => {
          using _ = new autograd.GradModeGuard(...args);
          return autograd.isGradEnabled();
        },
        positional: () => ({ mode: false }),
        required: ["mode"],
      },
      noGrad: { run: (...args) => (autograd.noGrad as Run)(...args), positional: () => ({ body: mode }) },
      enableGrad: {
        run: (...args) => (autograd.enableGrad as Run)(...args),
        positional: () => ({ body: mode }),
      },
    },
    // One to extend, one without arguments, and what the packages above teach.
    ["AutogradFunction", "isGradEnabled", "learnStandardization", "learnWindows"],
  ));

describe("backward", () => {
  testRow("backward", {
    run: (...args) => {
      const x = leaf([1, 2]);
      const y = square(x).sum();
      const [first] = args as readonly unknown[];
      if (first !== undefined) {
        const wanted = args.map((arg) => replaced(arg, x));
        (y.backward as Run).apply(y, wanted as never[]);
      } else y.backward();
      return String(x.grad);
    },
    positional: () => ({
      gradient: tensor(2, { dtype: "float64" }),
      retainGraph: true,
      createGraph: true,
      inputs: [],
    }),
  });

  /** The leaf of the call in place of an empty list. */
  function replaced(arg: unknown, x: Tensor): unknown {
    if (Array.isArray(arg)) return [x];
    if (typeof arg !== "object" || arg === null || !("inputs" in arg)) return arg;
    return { ...arg, inputs: Array.isArray(arg.inputs) ? [x] : arg.inputs };
  }

  test("takes options in place of the gradient, as every tail", () => {
    const x = leaf([1, 2]);
    const y = square(x).sum();
    y.backward({ retainGraph: true });
    y.backward(undefined, true);
    y.backward(null, { createGraph: true });
    assert.deepEqual(Array.from(x.grad?.detach().dataSync() as Float64Array), [6, 12]);
  });
});
