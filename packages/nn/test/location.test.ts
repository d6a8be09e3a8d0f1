/** Errors of a module's parts say which part it was. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FlambeauError, ShapeError, ValueError } from "@flambeau/backend";
import { ones, type Tensor } from "@flambeau/tensor";
import * as nn from "../src/index.ts";

const bad = (): nn.Sequential => new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(3, 4));
const plain =
  "linear: an input of shape [2, 4] does not fit a weight of shape [4, 3] (out, in) and a bias of shape [4]";

class Encoder extends nn.Module {
  layers = new nn.ModuleList([bad()]);
  override forward(x: Tensor): Tensor {
    for (const layer of this.layers) x = layer(x);
    return x;
  }
}
class Model extends nn.Module {
  encoder: Encoder = new Encoder();
  override forward(x: Tensor): Tensor {
    return this.encoder(x);
  }
}

function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing is thrown");
}

describe("an error in forward", () => {
  test("of a module by itself is as it was", () => {
    assert.equal(thrownBy(() => new nn.Linear(3, 4)(ones([2, 4]))).message, plain);
  });

  test("names the part by its path, its class and nothing twice", () => {
    const error = thrownBy(() => bad()(ones([2, 3])));
    assert.ok(error instanceof ShapeError);
    assert.equal(error.message, `${plain} (in 2: Linear)`);
    const nested = thrownBy(() => new Model()(ones([2, 3])));
    assert.equal(nested.message, `${plain} (in encoder.layers.0.2: Linear)`);
    if (nested.stack?.includes(plain)) assert.ok(nested.stack.includes(nested.message));
  });

  test("with hooks is the same", () => {
    const model = new Model();
    model.registerForwardHook(() => undefined);
    model.encoder.registerForwardPreHook(() => undefined);
    assert.equal(thrownBy(() => model(ones([2, 3]))).message, `${plain} (in encoder.layers.0.2: Linear)`);
    const net = new nn.Sequential(new nn.ReLU());
    net[0].registerForwardHook(() => {
      throw new ValueError("of the hook");
    });
    assert.equal(thrownBy(() => net(ones([1]))).message, "of the hook (in 0: ReLU)");
  });

  test("keeps its class and cause; others are left alone", () => {
    const cause = new RangeError("why");
    const made = [new ValueError("what", { cause }), new TypeError("theirs")];
    for (const error of made) {
      class Failing extends nn.Module {
        override forward(_: Tensor): Tensor {
          throw error;
        }
      }
      assert.equal(
        thrownBy(() => new nn.Sequential(new Failing())(ones([1]))),
        error,
      );
    }
    assert.deepEqual(
      made.map(({ message }) => message),
      ["what (in 0: Failing)", "theirs"],
    );
    assert.equal(made[0].cause, cause);
  });

  test("of what is no member of the caller names its class", () => {
    const hidden = new nn.Linear(3, 3);
    class Outer extends nn.Module {
      override forward(x: Tensor): Tensor {
        return hidden(x);
      }
    }
    assert.match(
      thrownBy(() => new nn.Sequential(new Outer())(ones([2, 2]))).message,
      /\(in 0\.Linear: Linear\)$/,
    );
  });

  test("without forward names the class that has none, or that it extends", () => {
    class Net extends nn.Module {}
    const call = (module: nn.Module) => (): unknown => module(ones([1]));
    assert.throws(call(new Net()), { message: "Net does not define forward()" });
    assert.throws(call(new (class extends nn.Module {})()), { message: "Module does not define forward()" });
    assert.equal(String(new (class extends nn.Module {})()), "Module()");
    assert.throws(call(new nn.Sequential(new Net())), (error) => {
      assert.ok(error instanceof FlambeauError);
      assert.equal(error.message, "Net does not define forward() (in 0: Net)");
      return true;
    });
  });
});

test("names in snake_case are refused where there is the other", () => {
  const layer = new nn.Linear(2, 3) as nn.Linear & Record<string, unknown>;
  assert.throws(() => layer.in_features, { message: 'Module: "in_features" is written inFeatures here' });
  assert.throws(() => layer.state_dict, { name: "ArgumentError" });
  layer.own_field = 1;
  assert.deepEqual([layer.own_field, layer.no_field], [1, undefined]);
});
