/** Hooks of modules: what is left of them when they are gone, and what they see. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ones, type Tensor, tensor } from "@flambeau/tensor";
import { deepcopy, nn, setWarningHandler } from "flambeau";

class Failing extends nn.Module {
  override forward(_x: Tensor): Tensor {
    throw new RangeError("of forward");
  }
}

function warningsOf(body: () => void): string[] {
  const texts: string[] = [];
  const before = setWarningHandler((text) => texts.push(text));
  try {
    body();
  } finally {
    setWarningHandler(before);
  }
  return texts;
}

describe("a module whose last hook is gone", () => {
  const registered: Readonly<Record<string, (m: nn.Module) => () => void>> = {
    forward: (m) => m.registerForwardHook(() => undefined),
    "before forward": (m) => m.registerForwardPreHook(() => undefined),
    backward: (m) => m.registerFullBackwardHook(() => undefined),
    "before backward": (m) => m.registerFullBackwardPreHook(() => undefined),
  };
  for (const [kind, register] of Object.entries(registered))
    test(`is as one that had none: ${kind}`, () => {
      const layer = new nn.Linear(2, 2);
      const [first, second] = [register(layer), register(layer)];
      first();
      assert.ok(nn.Module.hasHooks(layer));
      const copy = deepcopy(layer);
      second();
      second();
      assert.equal(nn.Module.hasHooks(layer), false);
      assert.ok(nn.Module.isDiscreet(layer));
      assert.ok(nn.Module.hasHooks(copy));
      const third = register(layer);
      first();
      assert.ok(nn.Module.hasHooks(layer));
      third();
      assert.equal(nn.Module.hasHooks(layer), false);
    });

  test("also one of the library's own, and one that removes itself", () => {
    const layer = nn.utils.weightNorm(new nn.Linear(2, 2));
    assert.ok(nn.Module.hasHooks(layer));
    nn.utils.removeWeightNorm(layer);
    assert.equal(nn.Module.hasHooks(layer), false);
    const own = layer.registerForwardHook(() => own());
    assert.deepEqual(layer(ones([1, 2])).shape, [1, 2]);
    assert.equal(nn.Module.hasHooks(layer), false);
  });

  test("a registration that is refused leaves none", () => {
    const layer = new nn.Linear(2, 2);
    assert.throws(() => layer.registerForwardHook(3 as never), /registerForwardHook/);
    assert.equal(nn.Module.hasHooks(layer), false);
  });
});

describe("a hook that is always called", () => {
  test("does not hide the error of forward with its own", () => {
    const model = new Failing();
    const seen: unknown[] = [];
    model.registerForwardHook(
      () => {
        throw new TypeError("of the hook");
      },
      { alwaysCall: true },
    );
    model.registerForwardHook((_module, _args, output) => void seen.push(output), { alwaysCall: true });
    const warnings = warningsOf(() =>
      assert.throws(() => model(ones([1])), { name: "RangeError", message: "of forward" }),
    );
    assert.deepEqual(seen, [undefined]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /hook of Failing with alwaysCall .*: of the hook/);
  });

  test("throws its own where forward did not", () => {
    const layer = new nn.Identity();
    layer.registerForwardHook(
      () => {
        throw new TypeError("of the hook");
      },
      { alwaysCall: true },
    );
    assert.throws(() => layer(ones([1])), TypeError);
  });
});

describe("backward hooks", () => {
  test("give zeros for arguments without a gradient, in their shapes and dtypes, each time the graph is run", () => {
    const layer = new nn.Bilinear(2, 3, 1);
    const seen: string[] = [];
    layer.registerFullBackwardHook((_module, inputs, [output]) => {
      seen.push(`${inputs.map((g) => `${g?.shape} ${g?.dtype}`)} ${output?.shape}`);
    });
    const y = layer(ones([4, 2], { requiresGrad: true }), ones([4, 3])).sum();
    y.backward({ retainGraph: true });
    y.backward();
    assert.deepEqual(seen, ["4,2 float32,4,3 float32 4,1", "4,2 float32,4,3 float32 4,1"]);
  });

  test("see the results of a named tuple, which stays one", () => {
    const layer = new nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]);
    const seen: unknown[] = [];
    layer.registerFullBackwardHook((_module, [input], outputs) => {
      seen.push(
        input?.shape,
        outputs.map((g) => g?.shape),
      );
    });
    const result = layer(ones([3, 4], { requiresGrad: true }), tensor([0n, 3n, 5n]));
    const [output, loss] = result;
    assert.equal(output, result.output);
    assert.equal(loss, result.loss);
    assert.deepEqual(Object.keys(result), ["output", "loss"]);
    loss.backward();
    assert.deepEqual(seen, [
      [3, 4],
      [undefined, []],
    ]);
  });
});
