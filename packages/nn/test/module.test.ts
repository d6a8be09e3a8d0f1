import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DTypeError, FlambeauError, ShapeError, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { manualSeed, ones, rand, Tensor, tensor, zeros } from "@flambeau/tensor";

class Net extends nn.Module {
  hidden: nn.Linear;
  act: nn.ReLU = new nn.ReLU();
  output: nn.Linear;
  scale: nn.Parameter = new nn.Parameter(ones([1]));
  steps: nn.Buffer = new nn.Buffer(tensor([3n]));
  scratch: nn.Buffer = new nn.Buffer(zeros([2]), { persistent: false });
  plain: Tensor = zeros([1]);

  constructor(inSize: number, outSize: number) {
    super();
    this.hidden = new nn.Linear(inSize, 4);
    this.output = new nn.Linear(4, outSize);
  }

  override forward(x: Tensor, factor = 1): Tensor {
    return this.output(this.act(this.hidden(x)))
      .mul(this.scale)
      .mul(factor);
  }
}

describe("a module is called like a function", () => {
  test("with forward's arguments, result and types", () => {
    const net = new Net(2, 3);
    const y: Tensor = net(ones([5, 2]), 2);
    assert.deepEqual(y.shape, [5, 3]);
    assert.equal(typeof net, "function");
    assert.ok(net instanceof Net && net instanceof nn.Module);
    assert.equal(net.constructor, Net);
    // @ts-expect-error a string is no tensor
    assert.throws(() => net("x"), FlambeauError);
    // @ts-expect-error a tensor is no string
    const wrong: string = net(ones([5, 2]));
    assert.ok((wrong as unknown) instanceof Tensor);
    const asFunction: (x: Tensor) => Tensor = net;
    assert.deepEqual(asFunction(ones([1, 2])).shape, [1, 3]);
  });

  test("fields may have the names that functions have", () => {
    class Named extends nn.Module {
      override name = "x";
      override length = 3;
      override prototype = 1;
      override arguments = 2;
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    const named = new Named();
    assert.deepEqual([named.name, named.length, named.prototype, named.arguments], ["x", 3, 1, 2]);
    named.name = "y";
    assert.equal(named.name, "y");
    assert.equal("call" in named, false);
  });

  test("a module without forward says so", () => {
    class Empty extends nn.Module {}
    assert.throws(
      () => new Empty()(1),
      (e: Error) => e instanceof FlambeauError && e.message.includes("Empty"),
    );
  });

  test("a subclass of a subclass can refine forward", () => {
    class Doubled extends Net {
      override forward(x: Tensor): Tensor {
        return super.forward(x, 2);
      }
    }
    const doubled = new Doubled(2, 1);
    assert.deepEqual(doubled(ones([3, 2])).shape, [3, 1]);
    assert.ok(doubled instanceof Net);
  });
});

describe("members", () => {
  test("are the fields that hold parameters, buffers and modules", () => {
    const net = new Net(2, 3);
    const names = net.namedParameters().map(([name]) => name);
    assert.deepEqual(names, ["scale", "hidden.weight", "hidden.bias", "output.weight", "output.bias"]);
    assert.equal(net.parameters({ recurse: false }).length, 1);
    assert.deepEqual(net.namedParameters({ prefix: "net" })[1][0], "net.hidden.weight");
    assert.deepEqual(
      net.namedBuffers().map(([name]) => name),
      ["steps", "scratch"],
    );
    assert.deepEqual(
      net.namedChildren().map(([name]) => name),
      ["hidden", "act", "output"],
    );
    assert.deepEqual(
      net.namedModules().map(([name]) => name),
      ["", "hidden", "act", "output"],
    );
    assert.equal(net.getParameter("hidden.weight"), net.hidden.weight);
    assert.equal(net.getSubmodule("output"), net.output);
    assert.throws(() => net.getParameter("hidden.nothing"), ValueError);
    assert.throws(() => net.getSubmodule("scale"), ValueError);
  });

  test("shared ones are listed once, and twice in the state", () => {
    class Tied extends nn.Module {
      a: nn.Linear = new nn.Linear(2, 2);
      b: nn.Linear = this.a;
      c: nn.Linear = new nn.Linear(2, 2);
      constructor() {
        super();
        this.c.weight = this.a.weight;
      }
    }
    const tied = new Tied();
    assert.deepEqual(
      tied.namedParameters().map(([name]) => name),
      ["a.weight", "a.bias", "c.bias"],
    );
    assert.equal(tied.modules().length, 3);
    assert.equal(tied.children().length, 2);
    assert.equal(Object.keys(tied.stateDict()).length, 6);
  });

  test("parameters share memory, are leaves and print as PyTorch's", () => {
    const data = tensor([1, 2]);
    const parameter = new nn.Parameter(data);
    data.fill_(7);
    assert.equal(String(parameter), "Parameter containing:\ntensor([7., 7.], requires_grad=True)");
    assert.ok(parameter.isLeaf && parameter.requiresGrad && !data.requiresGrad);
    assert.equal(new nn.Parameter(data.mul(parameter)).isLeaf, true);
    assert.equal(new nn.Parameter(data, { requiresGrad: false }).requiresGrad, false);
    assert.throws(() => new nn.Parameter(tensor([1n])), FlambeauError);
    assert.equal(parameter.mul(2) instanceof nn.Parameter, false);
  });

  test("computed names are registered, and refused when taken", () => {
    const module = new nn.Module();
    module.registerParameter("w0", new nn.Parameter(ones([2])));
    module.registerBuffer("b0", zeros([1]), { persistent: false });
    module.registerModule("m0", new nn.Identity());
    assert.deepEqual(Object.keys(module.stateDict()), ["w0"]);
    assert.equal(module.buffers().length, 1);
    assert.throws(() => module.registerModule("forward", new nn.Identity()), ValueError);
    assert.throws(() => module.registerModule("a.b", new nn.Identity()), ValueError);
    assert.throws(() => module.registerModule("", new nn.Identity()), ValueError);
  });
});

describe("modes, gradients and conversion", () => {
  test("train and eval reach every module", () => {
    const model = new nn.Sequential(new nn.Dropout(0.5), new nn.Sequential(new nn.Dropout()));
    assert.ok(model.training);
    assert.equal(model.eval(), model);
    assert.deepEqual(
      model.modules().map((m) => m.training),
      [false, false, false, false],
    );
    const x = ones([10]);
    assert.equal(model(x), x);
    assert.ok(
      model
        .train()
        .modules()
        .every((m) => m.training),
    );
  });

  test("apply visits children first", () => {
    const seen: string[] = [];
    new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU()).apply((m) => seen.push(m.constructor.name));
    assert.deepEqual(seen, ["Linear", "ReLU", "Sequential"]);
  });

  test("zeroGrad and requiresGrad_", () => {
    const net = new Net(2, 1);
    net(ones([3, 2]))
      .sum()
      .backward();
    assert.ok(net.parameters().every((p) => p.grad !== null));
    net.zeroGrad({ setToNone: false });
    assert.ok(net.parameters().every((p) => p.grad?.abs().sum().itemSync() === 0));
    net.zeroGrad();
    assert.ok(net.parameters().every((p) => p.grad === null));
    net.requiresGrad_(false);
    assert.equal(net(ones([3, 2])).requiresGrad, false);
  });

  test("to keeps the objects, converts floats and their gradients, and leaves integers", () => {
    const net = new Net(2, 1);
    net(ones([3, 2]))
      .sum()
      .backward();
    const before = net.parameters();
    const weights = net.hidden.weight.toArraySync();
    assert.equal(net.double(), net);
    assert.deepEqual(net.parameters(), before);
    assert.ok(
      net.parameters().every((p) => p.dtype === "float64" && p.grad?.dtype === "float64" && p.isLeaf),
    );
    assert.deepEqual(net.hidden.weight.toArraySync(), weights);
    assert.equal(net.steps.dtype, "int64");
    assert.equal(net.scratch.dtype, "float64");
    net.zeroGrad();
    const y = net(ones([3, 2], { dtype: "float64" }));
    assert.equal(y.dtype, "float64");
    y.sum().backward();
    assert.equal(net.hidden.weight.grad?.dtype, "float64");
    net
      .to(ones([1]))
      .float()
      .to("cpu")
      .to({ dtype: "float32" });
    assert.ok(net.parameters().every((p) => p.dtype === "float32"));
    assert.throws(() => net.to("int64"), DTypeError);
    assert.throws(() => net.to("nowhere"), FlambeauError);
  });
});

describe("hooks", () => {
  test("see and replace arguments and results, in order, until removed", () => {
    const net = new Net(2, 1);
    const seen: string[] = [];
    const removals = [
      net.registerForwardPreHook((module, args) => {
        seen.push(`before ${module === net} ${args.length}`);
      }),
      net.registerForwardPreHook(() => zeros([4, 2])),
      net.registerForwardHook((_, args, output) => {
        seen.push(`after ${args[0].shape} ${output.shape}`);
        return output.flatten();
      }),
      net.registerForwardHook((_, __, output) => {
        seen.push(`last ${output.shape}`);
      }),
    ];
    assert.deepEqual(net(ones([3, 2])).shape, [4]);
    assert.deepEqual(seen, ["before true 1", "after 4,2 4,1", "last 4"]);
    assert.deepEqual(net.forward(ones([3, 2])).shape, [3, 1]);
    for (const remove of removals) remove();
    assert.deepEqual(net(ones([3, 2])).shape, [3, 1]);
    assert.equal(seen.length, 3);
  });
});

describe("state dicts", () => {
  test("share memory, have dotted keys and load back", () => {
    manualSeed(1);
    const [a, b] = [new Net(2, 3), new Net(2, 3)];
    const state = a.stateDict();
    assert.deepEqual(Object.keys(state), [
      "scale",
      "steps",
      "hidden.weight",
      "hidden.bias",
      "output.weight",
      "output.bias",
    ]);
    assert.ok(Object.values(state).every((t) => !t.requiresGrad && !(t instanceof nn.Parameter)));
    const x = rand([4, 2]);
    assert.notDeepEqual(a(x).toArraySync(), b(x).toArraySync());
    const kept = b.parameters();
    assert.deepEqual(b.loadStateDict(state), { missingKeys: [], unexpectedKeys: [] });
    assert.deepEqual(a(x).toArraySync(), b(x).toArraySync());
    assert.deepEqual(b.parameters(), kept);
    assert.ok(b.parameters().every((p) => p.requiresGrad && p.isLeaf));
    state["hidden.bias"].fill_(9);
    assert.equal(a.hidden.bias?.sum().itemSync(), 36);
    assert.deepEqual(Object.keys(a.stateDict({ prefix: "m" }))[0], "m.scale");
  });

  test("that do not fit name everything at once and change nothing", () => {
    const net = new Net(2, 3);
    const before = net.stateDict();
    const copy = Object.fromEntries(Object.entries(before).map(([k, v]) => [k, v.clone()]));
    const {
      "hidden.bias": _,
      scale: __,
      ...bad
    } = Object.fromEntries(Object.entries(copy).map(([k, v]) => [k, v.mul(0)]));
    bad["hidden.weight"] = zeros([4, 7]);
    bad.extra = zeros([1]);
    bad.other = zeros([1]);
    assert.throws(
      () => net.loadStateDict(bad),
      (e: Error) => {
        assert.ok(e instanceof nn.StateDictError && e instanceof FlambeauError);
        assert.deepEqual(e.missing, ["scale", "hidden.bias"]);
        assert.deepEqual(e.unexpected, ["extra", "other"]);
        assert.deepEqual(e.mismatched, [{ key: "hidden.weight", given: [4, 7], expected: [4, 2] }]);
        for (const part of [
          "scale",
          "hidden.bias",
          "extra",
          "other",
          "hidden.weight",
          "(4, 7)",
          "(4, 2)",
          "Net",
        ]) {
          assert.ok(e.message.includes(part.replace("(", "").replace(")", "")), `${part} in: ${e.message}`);
        }
        return true;
      },
    );
    for (const [key, value] of Object.entries(net.stateDict()))
      assert.deepEqual(value.toArraySync(), copy[key].toArraySync());
    // Shapes have to match even when keys need not.
    assert.throws(() => net.loadStateDict(bad, { strict: false }), nn.StateDictError);
    delete (bad as Record<string, Tensor>)["hidden.weight"];
    const result = net.loadStateDict(bad, { strict: false });
    assert.deepEqual(result.missingKeys, ["scale", "hidden.weight", "hidden.bias"]);
    assert.deepEqual(result.unexpectedKeys, ["extra", "other"]);
    assert.equal(net.output.weight.abs().sum().itemSync(), 0);
    assert.throws(() => net.loadStateDict({ ...copy, scale: [1] as unknown as Tensor }), nn.StateDictError);
  });
});

describe("containers", () => {
  test("Sequential runs in order and is indexed, iterated and extended", () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
    assert.equal(model.length, 2);
    assert.equal(model[0], model.at(0));
    assert.ok(model.at(-1) instanceof nn.ReLU);
    assert.equal([...model].length, 2);
    model.append(new nn.Linear(3, 1));
    assert.deepEqual(model(ones([4, 2])).shape, [4, 1]);
    model[0] = new nn.Linear(5, 3);
    assert.deepEqual(model(ones([4, 5])).shape, [4, 1]);
    assert.throws(() => model.at(3));
    assert.throws(() => model(ones([4, 2])), ShapeError);
    const x = ones([2]);
    assert.equal(new nn.Sequential()(x), x);
    // @ts-expect-error a number is no module
    assert.throws(() => new nn.Sequential(3), FlambeauError);
    const named = new nn.Sequential({ first: new nn.Linear(2, 1), act: new nn.Sigmoid() });
    assert.deepEqual(Object.keys(named.stateDict()), ["first.weight", "first.bias"]);
    const twice = new nn.Linear(2, 2);
    assert.equal(new nn.Sequential(twice, twice).length, 2);
  });

  test("ModuleList and ModuleDict hold modules", () => {
    const list = new nn.ModuleList<nn.Module>([new nn.Linear(2, 2)]);
    list.extend([new nn.ReLU(), new nn.Linear(2, 1)]);
    let x = ones([3, 2]);
    for (const layer of list) x = layer(x);
    assert.deepEqual(x.shape, [3, 1]);
    assert.equal(list.length, 3);
    assert.equal(list.parameters().length, 4);
    assert.throws(() => list(x), FlambeauError);
    const dict = new nn.ModuleDict({ a: new nn.ReLU() }).set("b", new nn.Linear(1, 1));
    assert.deepEqual(dict.keys(), ["a", "b"]);
    assert.equal(dict.size, 2);
    assert.ok(dict.get("b") instanceof nn.Linear && dict.has("a") && !dict.has("c"));
    assert.throws(() => dict.get("c"), ValueError);
    assert.throws(() => dict.set("keys", new nn.ReLU()), ValueError);
  });
});
