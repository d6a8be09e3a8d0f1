/** What differentiation takes: by position, by name, and what it refuses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as autograd from "@flambeau/autograd";
import { hessian, jacfwd, jacrev } from "@flambeau/autograd";
import { manualSeed, onesLike, type Tensor, tensor } from "@flambeau/tensor";
import { called, describeArguments, made, testRow } from "../../../tests/src/arguments.ts";
import { leaf } from "./support.ts";

const mode = (): boolean => autograd.isGradEnabled();
const anomaly = (): boolean => autograd.isAnomalyEnabled();
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
        run: (...args) => String(called(autograd.grad)(...args)),
        positional: differentiated,
        named: () => ({ allowUnused: true, materializeGrads: true }),
        required: ["outputs", "inputs"],
        own: ["materializeGrads", "allowUnused"],
      },
      gradcheck: {
        run: called(autograd.gradcheck),
        positional: () => ({ func: square, inputs: leaf([1, 2]) }),
        named: () => ({ eps: 1e-5, atol: 1e-4, rtol: 1e-2, raiseException: false }),
        required: ["func", "inputs"],
      },
      gradgradcheck: {
        run: (...args) => {
          manualSeed(1);
          return called(autograd.gradgradcheck)(...args);
        },
        positional: () => ({ func: square, inputs: leaf([1, 2]), gradOutputs: leaf([1, 1]) }),
        named: () => ({ eps: 1e-5, atol: 1e-4, rtol: 1e-2, raiseException: false }),
        required: ["func", "inputs"],
      },
      jvp: {
        run: (...args) => String(called(autograd.jvp)(...args)),
        positional: () => ({ func: square, primals: [tensor([1, 2])], tangents: [tensor([1, 3])] }),
        required: ["func", "primals", "tangents"],
      },
      ...Object.fromEntries(
        Object.entries({ jacrev, jacfwd, hessian }).map(([name, transform]) => [
          name,
          {
            run: (...args: unknown[]) =>
              String((called(transform)(...args) as (x: Tensor) => Tensor)(tensor(3))),
            positional: () => ({ func: square, argnums: 0 }),
            required: ["func"],
          },
        ]),
      ),
      hvp: {
        run: (...args) => String(called(autograd.hvp)(...args)),
        positional: () => ({ func: square, inputs: tensor(2), v: tensor(3) }),
        required: ["func", "inputs"],
      },
      setGradEnabled: {
        run: (...args) => {
          using _ = autograd.enableGrad();
          called(autograd.setGradEnabled)(...args);
          return autograd.isGradEnabled();
        },
        positional: () => ({ mode: false }),
        required: ["mode"],
      },
      GradModeGuard: {
        run: (...args) => {
          using _ = made<autograd.GradModeGuard>(autograd.GradModeGuard)(...args);
          return autograd.isGradEnabled();
        },
        positional: () => ({ mode: false }),
        required: ["mode"],
      },
      detectAnomaly: {
        run: (...args) => {
          const outcome = called(autograd.detectAnomaly)(...args);
          if (typeof outcome === "boolean") return outcome;
          (outcome as Disposable)[Symbol.dispose]();
          return "a guard";
        },
        positional: () => ({ body: anomaly }),
        named: () => ({ checkNan: false }),
        own: ["body"],
      },
      setDetectAnomaly: {
        run: (...args) => {
          using _ = autograd.detectAnomaly();
          called(autograd.setDetectAnomaly)(...args);
          return autograd.isAnomalyEnabled();
        },
        positional: () => ({ mode: false, checkNan: false }),
        required: ["mode"],
      },
      noGrad: { run: called(autograd.noGrad), positional: () => ({ body: mode }) },
      inferenceMode: { run: called(autograd.inferenceMode), positional: () => ({ body: mode }) },
      enableGrad: {
        run: called(autograd.enableGrad),
        positional: () => ({ body: mode }),
      },
    },
    // One to extend, one without arguments, one that passes its own on, and what the packages above teach.
    [
      // A function and its inputs, however many.
      "checkpoint",
      "AutogradFunction",
      "derived",
      "gate",
      "isAnomalyEnabled",
      "isGradEnabled",
      "learnAttention",
      "learnRecurrence",
      "learnStandardization",
      "learnWindows",
      "vjp",
    ],
  ));

describe("backward", () => {
  testRow("backward", {
    run: (...args) => {
      const x = leaf([1, 2]);
      const y = square(x).sum();
      const [first] = args;
      if (first !== undefined) {
        const wanted = args.map((arg) => replaced(arg, x));
        called(y.backward.bind(y))(...wanted);
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
