/**
 * Reproductions of faults that were found by comparing with PyTorch: optimizers, modules, loaders, modes. One row each, with
 * what PyTorch gives beside it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ArgumentError,
  AutogradError,
  data,
  enableGrad,
  F,
  grad,
  isGradEnabled,
  nn,
  noGrad,
  ones,
  optim,
  type SummaryInput,
  setNumThreads,
  summary,
  type Tensor,
  tensor,
  toNpy,
  ValueError,
} from "flambeau";

const anything = (x: unknown): never => x as never;
const leaf = (): Tensor => tensor([1, 2], { requiresGrad: true });

/** What a tensor of another copy of the package looks like from here: no instance of this one's class, but marked. */
class ForeignTensor {
  readonly shape = [2];
}
function markForeign<T extends object>(x: T, name: string, part: string): T {
  const stack = (): string => `Error\n    at stack (file:///b/${part}.js:1:2)`;
  const copy = { name: `@flambeau/${part}`, version: "0.0.9", stack };
  return Object.defineProperty(x, Symbol.for("flambeau.copy"), { value: { name, copy } });
}
markForeign(ForeignTensor.prototype, "Tensor", "tensor");
const foreign = new ForeignTensor();
const foreignModule = markForeign(() => {}, "Module", "nn");

describe("an optimizer takes parameters, or says what to write", () => {
  const model = new nn.Linear(2, 1);
  const rows: [what: string, params: unknown, message: RegExp][] = [
    // torch: ValueError optimizer got an empty parameter list
    ["an empty list", [], /empty list of parameters/],
    // torch: TypeError params argument given to the optimizer should be an iterable of Tensors or dicts
    ["a tensor", leaf(), /put the one tensor into an array/],
    // torch: TypeError optimizer can only optimize Tensors, but one of the params is Linear
    ["modules", [model, model], /parameter 0 of the group is a module \(write model.parameters\(\)\)/],
    ["a Sequential, which can be iterated over", new nn.Sequential(model), /is a module/],
    // torch: TypeError ... one of the params is Module.parameters
    ["lists of parameters", [model.parameters(), model.parameters()], /\[\.\.\.a\.parameters\(\), \.\.\.b/],
    // torch: TypeError ... one of the params is int
    ["numbers", [1], /parameter 0 of the group is 1/],
    ["null in a list", [null], /parameter 0 of the group is null/],
    // torch: KeyError 'params'
    ["a group without parameters", [{ lr: 0.1 }], /has no params: write \{ params: model.parameters\(\) \}/],
    ["a group with another key for them", [{ parameters: [leaf()] }], /has no params.*parameters/],
    // torch: TypeError 'NoneType' object is not iterable
    ["a group whose parameters are null", [{ params: null }], /has no params/],
    // torch: TypeError 'Linear' object is not iterable
    ["a group of a module", [{ params: model }], /params of a group.*a module \(write/],
    // torch: TypeError ... one of the params is str
    ["a group of a text", [{ params: "ab" }], /params of a group/],
    // torch: TypeError ... one of the params is list
    ["a group of lists", [{ params: [[leaf()]] }], /parameter 0 of the group is an array/],
    // torch: TypeError ... one of the params is dict
    [
      "a parameter and a group",
      [leaf(), { params: [leaf()] }],
      /all entries are parameters, or all are groups/,
    ],
    // torch: AssertionError param group must be a dict
    [
      "a group and a parameter",
      [{ params: [leaf()] }, leaf()],
      /a group of parameters is an object.*got a Tensor/,
    ],
    ["a parameter of another copy", [foreign], /a Tensor of another copy of @flambeau\/tensor/],
    ["a group of one", [{ params: [foreign] }], /a Tensor of another copy of @flambeau\/tensor/],
    // torch 2.6: ValueError all optimizer params should be with/without names
    ["some names", [["a", leaf()], leaf()], /2 parameters and 1 names/],
    // torch 2.6: ValueError all optimizer param groups should be with/without names
    ["names in one group", [{ params: [["a", leaf()]] }, { params: [leaf()] }], /all groups .* have names/],
    ["names of no parameters", [["a", [leaf()]]], /is an array/],
  ];
  for (const [what, params, message] of rows) {
    test(what, () => {
      assert.throws(() => new optim.SGD(anything(params), { lr: 0.1 }), { name: "ValueError", message });
    });
  }

  const collection = /^SGD: params is a collection of parameters, as model.parameters\(\) or \[w, b\]; got /;
  const misfits: [what: string, params: unknown, message: RegExp][] = [
    // torch: TypeError 'NoneType' object is not iterable
    ["nothing", undefined, /^SGD: params is missing/],
    ["null", null, collection],
    // torch: TypeError 'Linear' object is not iterable
    ["a module", model, collection],
    // torch: TypeError ... one of the params is str
    ["a text", "ab", collection],
    ["a state dict", model.stateDict(), collection],
    // torch: TypeError ... one of the params is str
    ["one group alone", { params: [leaf()] }, collection],
    // An unknown key would be kept by PyTorch, and do nothing.
    [
      "an option that is none",
      [{ params: [leaf()], learningRate: 1 }],
      /unknown option "learningRate"; did you mean "lr"/,
    ],
    [
      "an option in Python's style",
      [{ params: [leaf()], weight_decay: 1 }],
      /"weight_decay" is written weightDecay here/,
    ],
  ];
  for (const [what, params, message] of misfits) {
    test(what, () => {
      assert.throws(() => new optim.SGD(anything(params), { lr: 0.1 }), { name: "ArgumentError", message });
    });
  }

  test("options that are none", () => {
    const all = [
      optim.SGD,
      optim.Adam,
      optim.AdamW,
      optim.Adadelta,
      optim.Adagrad,
      optim.Adamax,
      optim.NAdam,
    ];
    for (const Kind of [...all, optim.RAdam, optim.RMSprop]) {
      const make = (options: unknown) => () => new (Kind as typeof optim.SGD)([leaf()], anything(options));
      // torch: TypeError __init__() got an unexpected keyword argument
      assert.throws(make({ lr: 1, learningRate: 1 }), {
        name: "ArgumentError",
        message: /^\w+: unknown option "learningRate"; did you mean "lr"\?/,
      });
      assert.throws(make({ lr: 1, weight_decay: 1 }), {
        message: `${Kind.name}: "weight_decay" is written weightDecay here`,
      });
      assert.doesNotThrow(make(0.5));
      assert.throws(make({ lr: "0.1" }), { name: "ArgumentError", message: /lr is a number; got "0.1"/ });
      assert.doesNotThrow(make({ lr: 1, weightDecay: undefined }));
    }
  });

  test("addParamGroup refuses the same, and adds nothing", () => {
    const optimizer = new optim.SGD([leaf()], { lr: 1 });
    for (const group of [undefined, [leaf()], leaf(), { lr: 1 }]) {
      assert.throws(
        () => optimizer.addParamGroup(anything(group)),
        group === undefined ? ArgumentError : ValueError,
      );
    }
    assert.throws(() => optimizer.addParamGroup(anything({ params: [leaf()], momentun: 1 })), {
      message: 'a group of SGD: unknown option "momentun"; did you mean "momentum"?',
    });
    assert.equal(optimizer.paramGroups.length, 1);
  });

  test("what PyTorch takes", () => {
    const count = (params: unknown): number[] =>
      new optim.SGD(anything(params), { lr: 1 }).paramGroups.map((group) => group.params.length);
    const generator = function* (): Generator<Tensor> {
      yield leaf();
      yield leaf();
    };
    assert.deepEqual(count(generator()), [2]);
    assert.deepEqual(count(new Set([leaf()])), [1]);
    assert.deepEqual(count(new nn.ParameterList([ones([2]), ones([3])])), [2]);
    assert.deepEqual(
      count([{ params: leaf() }, { params: [] }, { params: generator(), name: "rest" }]),
      [1, 0, 2],
    );
  });

  test("names are kept, as from PyTorch 2.6 on", () => {
    const optimizer = new optim.SGD(model.namedParameters(), { lr: 0.5 });
    assert.deepEqual(optimizer.paramGroups[0].params, model.parameters());
    assert.deepEqual(optimizer.paramGroups[0].paramNames, ["weight", "bias"]);
    assert.match(
      String(optimizer),
      /\n {4}nesterov: False\n {4}param_names: \['weight', 'bias'\]\n {4}weight_decay/,
    );
    const saved = optimizer.stateDict();
    assert.deepEqual(saved.param_groups[0].param_names, ["weight", "bias"]);
    // A state without names leaves those that are here.
    optimizer.loadStateDict(new optim.SGD(model.parameters(), { lr: 0.25 }).stateDict());
    assert.deepEqual(
      [optimizer.paramGroups[0].lr, optimizer.paramGroups[0].paramNames],
      [0.25, ["weight", "bias"]],
    );
    const plain = new optim.SGD(model.parameters(), { lr: 1 });
    plain.loadStateDict(new optim.SGD(model.parameters(), { lr: 1 }).stateDict());
    assert.equal("paramNames" in plain.paramGroups[0], false);
    const before = model.weight.detach().clone();
    model(ones([1, 2]))
      .sum()
      .backward();
    optimizer.step();
    assert.deepEqual(model.weight.detach().toArraySync(), before.sub(0.25).toArraySync());
    model.zeroGrad();
  });

  test("clipping refuses what it would pass over", () => {
    for (const params of [model.namedParameters(), [model], [1], [foreign], [[leaf()]]]) {
      assert.throws(() => optim.clipGradNorm_(anything(params), 1), ValueError);
      assert.throws(() => optim.clipGradValue_(anything(params), 1), ValueError);
    }
    for (const params of [model, undefined]) {
      assert.throws(() => optim.clipGradNorm_(anything(params), 1), ArgumentError);
      assert.throws(() => optim.clipGradValue_(anything(params), 1), ArgumentError);
    }
  });
});

describe("tensors and modules of another copy of a package are named", () => {
  const message =
    /a Tensor of another copy of @flambeau\/tensor \(0\.0\.9 at file:\/\/\/b\/tensor\.js; this one is \d\S* at \S+; see npm ls @flambeau\/tensor\)/;
  test("operands and other arguments", () => {
    const x = ones([2]);
    const calls: (() => unknown)[] = [
      () => x.add(anything(foreign)),
      () => x.matmul(anything(foreign)),
      () => F.relu(anything(foreign)),
      () => F.linear(ones([1, 2]), anything(foreign)),
      () => tensor(anything(foreign)),
      () => new nn.Parameter(anything(foreign)),
      () => new nn.Buffer(anything(foreign)),
      () => x.gather(0, anything(foreign)),
      () => x.at(anything(foreign)),
      () => x.set([0], anything(foreign)),
      () => leaf().sum().backward(anything(foreign)),
      () => new data.TensorDataset(anything(foreign)),
      () => data.defaultCollate([foreign, foreign]),
      () => new nn.Linear(2, 1).loadStateDict({ weight: anything(foreign), bias: ones([1]) }),
    ];
    for (const call of calls) assert.throws(call, { message });
  });

  test("fields of a module", () => {
    const model = new nn.Linear(2, 1) as nn.Linear & Record<string, unknown>;
    model.other = foreign;
    assert.equal(model.parameters().length, 2, "a plain tensor is no member, wherever it comes from");
    model.other = markForeign(Object.create(ForeignTensor.prototype) as ForeignTensor, "Parameter", "nn");
    for (const list of ["parameters", "buffers", "stateDict", "toString"] as const) {
      assert.throws(() => model[list](), {
        name: "ValueError",
        message: /the field "other".*a Parameter of another copy of @flambeau\/nn/,
      });
    }
    model.other = markForeign(ones([2]), "Parameter", "nn");
    assert.throws(() => model.parameters(), {
      message: /"other".*a Parameter of another copy of @flambeau\/nn/,
    });
    model.other = foreignModule;
    for (const list of ["modules", "children", "parameters", "stateDict"] as const) {
      assert.throws(() => model[list](), { message: /"other".*a Module of another copy of @flambeau\/nn/ });
    }
    const holders: (() => unknown)[] = [
      () => new nn.Sequential(anything(foreignModule)),
      () => new nn.ModuleList([anything(foreignModule)]),
      () => new nn.ModuleDict({ a: anything(foreignModule) }),
      () => model.registerModule("b", anything(foreignModule)),
    ];
    for (const make of holders) assert.throws(make, { message: /a Module of another copy of @flambeau\/nn/ });
    assert.throws(() => model.registerParameter("p", anything(foreign)), { message });
  });

  test("register methods take what they are for", () => {
    const model = new nn.Linear(1, 1);
    // torch: TypeError cannot assign 'torch.FloatTensor' object to parameter 'p' (torch.nn.Parameter or None required)
    assert.throws(
      () => model.registerParameter("p", anything(ones([1]))),
      /registerParameter: param is a Parameter or null; got a Tensor/,
    );
    // torch: TypeError int is not a Module subclass
    assert.throws(
      () => model.registerModule("m", anything(3)),
      /registerModule: module is a module or null; got 3/,
    );
    // torch: TypeError cannot assign 'int' object to buffer 'b' (torch Tensor or None required)
    assert.throws(
      () => model.registerBuffer("b", anything(3)),
      /registerBuffer: tensor is a tensor or null; got 3/,
    );
    assert.deepEqual(Object.keys(model.stateDict()), ["weight", "bias"]);
  });
});

describe("a module that holds itself", () => {
  class Child extends nn.Module {
    parent: nn.Module | null = null;
    w: nn.Parameter = new nn.Parameter(ones([1]));
  }
  class Parent extends nn.Module {
    child: Child = new Child();
  }
  // torch: RecursionError for each of these.
  test("says where", () => {
    const model = new Parent();
    model.child.parent = model;
    const calls: (() => unknown)[] = [
      () => model.stateDict(),
      () => model.stateDict({ prefix: "model" }),
      () => model.loadStateDict({}),
      () => String(model),
      () => model.apply(() => {}),
    ];
    for (const [i, call] of calls.entries()) {
      const path = i === 1 ? "model.child.parent" : "child.parent";
      assert.throws(call, {
        name: "ValueError",
        message: new RegExp(`^the module holds itself at ${path}:`),
      });
    }
    const outer = new nn.Sequential(model);
    assert.throws(() => outer.stateDict(), /^ValueError: the module "0" holds itself at 0\.child\.parent:/);
    assert.equal(model.parameters().length, 1);
    assert.equal(model.eval().child.training, false);
  });

  test("one held twice is no such module", () => {
    const layer = new nn.Linear(1, 1);
    const model = new nn.Sequential(layer, layer);
    assert.deepEqual(Object.keys(model.stateDict()), ["0.weight", "0.bias", "1.weight", "1.bias"]);
    assert.equal(String(model).match(/Linear/g)?.length, 2);
  });
});

/** Calls `note` with the rejections that nobody handles, as the runtime reports them; gives a function that ends it. */
function watchRejections(note: (reason: unknown) => void): () => void {
  const page = globalThis as unknown as EventTarget & { process?: NodeJS.Process };
  const { process } = page;
  if (process !== undefined) {
    process.on("unhandledRejection", note);
    return () => process.off("unhandledRejection", note);
  }
  const listener = (event: Event): void => {
    event.preventDefault();
    note((event as Event & { reason: unknown }).reason);
  };
  page.addEventListener("unhandledrejection", listener);
  return () => page.removeEventListener("unhandledrejection", listener);
}

/** Runs and gives the rejections that nobody handled meanwhile. */
async function unhandled(run: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const end = watchRejections((reason) => seen.push(reason));
  try {
    await run();
    // Reported after the microtasks of a turn: two turns are enough for those of this one.
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    end();
  }
  return seen;
}

describe("DataLoader", () => {
  class Half extends data.Dataset<Promise<number>> {
    override readonly length = 4;
    override get(index: number): Promise<number> {
      if (index === 2) throw new RangeError("item 2");
      return Promise.reject(new RangeError(`item ${index}`));
    }
  }
  class Stream extends data.IterableDataset<Promise<number>> {
    override *[Symbol.iterator](): Generator<Promise<number>> {
      yield Promise.reject(new RangeError("first"));
      throw new RangeError("second");
    }
  }

  test("leaves no rejection unhandled when an item throws", async () => {
    const loaders = [
      new data.DataLoader(new Half(), { batchSize: 4 }),
      new data.DataLoader(new Half(), { batchSize: 4, collateFn: (items: number[]) => items }),
      new data.DataLoader(new data.Subset(new Half(), [3, 0, 2]), { batchSize: 3 }),
      new data.DataLoader(new Stream(), { batchSize: 2 }),
    ];
    const errors: unknown[] = [];
    const left = await unhandled(async () => {
      for (const loader of loaders) {
        try {
          for (const _ of loader) assert.fail("there is no batch");
        } catch (error) {
          errors.push(error);
        }
        try {
          for await (const _ of loader) assert.fail("there is no batch");
        } catch (error) {
          errors.push(error);
        }
      }
    });
    assert.deepEqual(left, []);
    assert.deepEqual(
      errors.map((error) => (error as Error).name),
      Array(8).fill("RangeError"),
    );
  });

  test("waits for whatever can be awaited", async () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
    const later = (value: number) => ({ then: (done: (x: number) => void) => done(value) });
    const items = [later(1), later(2), later(3)] as unknown as Promise<number>[];
    const seen: unknown[] = [];
    for await (const batch of new data.DataLoader(items, { batchSize: 2 })) seen.push(batch.toArraySync());
    for await (const item of new data.DataLoader(items, { batchSize: null })) seen.push(item);
    assert.deepEqual(seen, [[1, 2], [3], 1, 2, 3]);
    assert.throws(() => [...new data.DataLoader(items, { batchSize: 2 })], /with for await/);
  });

  test("a data set's length is an integer from 0", () => {
    for (const [length, text] of [
      [Number.NaN, "NaN"],
      [-1, "-1"],
      [1.5, "1.5"],
      ["2", '"2"'],
      [Infinity, "Infinity"],
      [undefined, "undefined"],
    ]) {
      class Odd extends data.Dataset<number> {
        override readonly length = length as number;
        override get(index: number): number {
          return index;
        }
      }
      // torch: TypeError 'float' object cannot be interpreted as an integer, ValueError __len__() should return >= 0
      const is = { name: "ValueError", message: `the length of a Odd is an integer from 0; got ${text}` };
      const odd = new Odd();
      assert.throws(() => [...new data.DataLoader(odd)], is);
      assert.throws(() => new data.DataLoader(odd).length, is);
      assert.throws(() => new data.DataLoader(new data.ConcatDataset([odd])).length, is);
      assert.throws(() => data.randomSplit(odd, [1]), is);
      assert.throws(() => new data.DataLoader(odd, { shuffle: true }), ValueError);
    }
  });

  test("a size that is a text is quoted", () => {
    assert.throws(
      () => new data.DataLoader([1], { batchSize: anything("2") }),
      /batchSize is an integer or null; got "2"/,
    );
    assert.throws(() => setNumThreads(anything("2")), /positive whole number, got "2"/);
    assert.throws(() => setNumThreads(anything(2n)), /got 2/);
  });
});

describe("modes of recording", () => {
  // torch.no_grad wraps generator functions; here the steps of one run when the body has ended.
  test("noGrad refuses an iterator", () => {
    const bodies: (() => unknown)[] = [
      function* () {
        yield isGradEnabled();
      },
      async function* () {
        yield isGradEnabled();
      },
      () => [1, 2].values(),
      () => new data.DataLoader([1, 2])[Symbol.iterator](),
    ];
    for (const body of bodies) {
      assert.throws(() => noGrad(body), {
        name: "ValueError",
        message: /^noGrad: the body returned an iterator.*for \(const x of/,
      });
      assert.throws(() => enableGrad(body), { name: "ValueError", message: /^enableGrad: / });
      assert.equal(isGradEnabled(), true);
    }
    assert.deepEqual(
      noGrad(() => [1, 2]),
      [1, 2],
    );
  });

  test("noGrad waits for whatever can be awaited", async () => {
    const modes: boolean[] = [];
    const slow = {
      // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
      then(done: (x: number) => void): void {
        modes.push(isGradEnabled());
        done(7);
      },
    };
    assert.equal(await noGrad(() => anything(slow)), 7);
    assert.deepEqual([...modes, isGradEnabled()], [false, true]);
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
      then(_: unknown, fail: (error: Error) => void): void {
        fail(new RangeError("no"));
      },
    };
    await assert.rejects(async () => await noGrad(() => anything(broken)), RangeError);
    assert.equal(isGradEnabled(), true);
  });

  test("backward in a hook says that recording is off, and works inside enableGrad", () => {
    const x = leaf();
    const w = leaf();
    const errors: unknown[] = [];
    const y = x.mul(2);
    y.registerHook((g) => {
      try {
        w.mul(g).sum().backward();
      } catch (error) {
        errors.push(error);
      }
      try {
        grad(w.mul(g).sum(), w);
      } catch (error) {
        errors.push(error);
      }
      enableGrad(() => w.mul(g).sum()).backward();
    });
    y.sum().backward();
    assert.equal(errors.length, 2);
    for (const error of errors) {
      assert.ok(error instanceof AutogradError);
      assert.match(error.message, /hooks of a backward pass: compute it inside enableGrad\(\(\) => \.\.\.\)/);
    }
    assert.deepEqual(
      [x.grad?.toArraySync(), w.grad?.toArraySync()],
      [
        [2, 2],
        [1, 1],
      ],
    );
    assert.throws(() => ones([1]).backward(), /requiresGrad: true/);
  });
});

describe("a tensor cannot be cloned to another thread", () => {
  /** V8 says what could not be cloned, and with it what to send; other engines have one text for all. */
  const isRefused = ({ name, message }: Error): boolean =>
    name === "DataCloneError" &&
    (/a tensor \(send await x\.toArray\(\), or await toNpy\(x\)/.test(message) ||
      !message.includes("could not be"));
  test("structuredClone and postMessage throw DataCloneError", () => {
    const { port1, port2 } = new MessageChannel();
    try {
      for (const size of [1, 100, 10_000]) {
        const x = ones([size]);
        for (const value of [x, { x }, [x], new Map([["x", x]]), x.at(0), new nn.Parameter(x), x.storage]) {
          assert.throws(() => structuredClone(value), isRefused);
          assert.throws(() => port1.postMessage(value), isRefused);
        }
      }
      for (const value of [new optim.Adam([leaf()]), new nn.Linear(1, 1).stateDict()])
        assert.throws(() => structuredClone(value), isRefused);
      // A function, of which the engine says just that.
      assert.throws(() => structuredClone(new nn.Linear(1, 1)), { name: "DataCloneError" });
    } finally {
      port1.close();
      port2.close();
    }
  });

  test("its values can", async () => {
    const x = ones([2, 3]);
    assert.deepEqual(structuredClone(await x.toArray()), [
      [1, 1, 1],
      [1, 1, 1],
    ]);
    assert.deepEqual(structuredClone(await toNpy(x)), await toNpy(x));
    assert.deepEqual(structuredClone(await x.data()), new Float32Array(6).fill(1));
  });
});

/** As `sum(p.numel() for p in model.parameters())` in PyTorch. */
const parametersOf = (model: nn.Module): number => model.parameters().reduce((n, p) => n + p.numel(), 0);

describe("a summary counts each parameter once", () => {
  class Tied extends nn.Module {
    e: nn.Embedding = new nn.Embedding(10, 4);
    h: nn.Linear = new nn.Linear(4, 10, { bias: false });
    constructor() {
      super();
      this.h.weight = this.e.weight;
    }
    override forward(i: Tensor): Tensor {
      return this.h(this.e(i));
    }
  }
  class Beside extends nn.Module {
    l: nn.Linear = new nn.Linear(2, 2);
    scale: nn.Parameter = new nn.Parameter(ones([5]));
    override forward(x: Tensor): Tensor {
      return this.l(x).mul(this.scale.sum());
    }
  }
  class Listed extends nn.Module {
    l: nn.Linear = new nn.Linear(2, 2);
    list: nn.ParameterList = new nn.ParameterList([ones([3]), ones([4])]);
    override forward(x: Tensor): Tensor {
      return this.l(x).mul(this.list[0].sum());
    }
  }
  class Unused extends nn.Module {
    used: nn.Linear = new nn.Linear(2, 2);
    unused: nn.Sequential = new nn.Sequential(new nn.Linear(2, 2));
    override forward(x: Tensor): Tensor {
      return this.used(x);
    }
  }
  const shared = (): nn.Module => {
    const [a, b] = [new nn.Linear(3, 3), new nn.Linear(3, 3)];
    b.weight = a.weight;
    b.bias = a.bias;
    return new nn.Sequential(a, b);
  };

  test("shared ones and those beside layers", () => {
    const rows: [model: nn.Module, input: SummaryInput, total: number][] = [
      [new Tied(), tensor([1n, 2n]), 40],
      [shared(), [3], 12],
      [new Beside(), [2], 11],
      [new Listed(), [2], 13],
      [new nn.Sequential(new Beside(), new Beside()), [2], 22],
    ];
    for (const [model, input, total] of rows) {
      assert.equal(parametersOf(model), total);
      for (const depth of [1, 2, 3]) {
        assert.equal(summary(model, input, { depth }).totalParams, total);
        assert.equal(summary(model, null, { depth }).totalParams, total);
      }
    }
    const frozen = new Beside();
    frozen.scale.requiresGrad_(false);
    const found = summary(frozen, [2]);
    assert.deepEqual([found.totalParams, found.trainableParams], [11, 6]);
    assert.match(String(found), /Total params: 11\nTrainable params: 6\nNon-trainable params: 5\n/);
  });

  test("a layer that is not called counts no more than in torch-summary", () => {
    assert.equal(summary(new Unused(), [2]).totalParams, 6);
    assert.equal(summary(new Unused()).totalParams, 12);
  });
});

describe("a summary of layers that give anything", () => {
  class Block extends nn.Module {
    l: nn.Linear = new nn.Linear(2, 3);
    readonly #wrap: (x: Tensor) => unknown;
    constructor(wrap: (x: Tensor) => unknown) {
      super();
      this.#wrap = wrap;
    }
    override forward(x: Tensor): { tensor: Tensor; given: unknown } {
      const tensor = this.l(x);
      return { tensor, given: this.#wrap(tensor) };
    }
  }
  class Giver extends nn.Module {
    readonly #wrap: (x: Tensor) => unknown;
    constructor(wrap: (x: Tensor) => unknown) {
      super();
      this.#wrap = wrap;
    }
    override forward(x: Tensor): unknown {
      return this.#wrap(x);
    }
  }
  class Net extends nn.Module {
    l: nn.Linear = new nn.Linear(2, 3);
    giver: Giver;
    constructor(wrap: (x: Tensor) => unknown) {
      super();
      this.giver = new Giver(wrap);
    }
    override forward(x: Tensor): Tensor {
      const y = this.l(x);
      this.giver(y);
      return y;
    }
  }
  const circular = (x: Tensor): unknown => {
    const all: Record<string, unknown> = { a: 1 };
    all.self = all;
    all.inner = { x };
    return all;
  };
  const rows: [what: string, wrap: (x: Tensor) => unknown, shape: number[]][] = [
    ["a tensor", (x) => x, [-1, 3]],
    ["a tuple", (x) => [x, 1], [-1, 3]],
    ["a dictionary that ends in a tensor", (x) => ({ n: 1, x }), [-1, 3]],
    ["a dictionary that ends in a list", (x) => ({ sum: x, parts: [x] }), [2, 3]],
    ["a dictionary that ends in a dictionary", (x) => ({ n: 1, inner: { x } }), [2, 3]],
    ["a dictionary that ends in a number", (x) => ({ x, n: 1 }), [2, 3]],
    ["a dictionary that ends in null", (x) => ({ x, n: null }), [2, 3]],
    ["a tuple of dictionaries", (x) => [{ x }, { x }], [2, 3]],
    ["a tuple in a tuple", (x) => [[x]], [2, 3]],
    ["an empty list before a tensor", (x) => [[], x], [2, 3]],
    ["a map", (x) => new Map([["x", x]]), [-1, 3]],
    ["one that holds itself", circular, [2, 3]],
    ["an empty dictionary", () => ({}), []],
    ["an empty list", () => [], []],
    ["a number", () => 3, []],
    ["a text", () => "text", []],
    ["numbers", () => new Float32Array(3), []],
    ["null", () => null, []],
    ["nothing", () => undefined, []],
  ];
  for (const [what, wrap, shape] of rows) {
    test(what, () => {
      const found = summary(new Net(wrap), [2]);
      assert.equal(found.totalParams, 9);
      assert.deepEqual(
        found.layers.map(({ outputSize }) => outputSize),
        [[-1, 3], shape],
      );
      assert.match(String(found), /Giver: 1-2/);
    });
  }

  test("one with parameters of its own", () => {
    class Outer extends nn.Module {
      block: Block = new Block((x) => [{ x }, null]);
      override forward(x: Tensor): Tensor {
        return this.block(x).tensor;
      }
    }
    assert.equal(summary(new Outer(), [2]).totalParams, 9);
  });
});

describe("options of layers that were dropped", () => {
  test("paddingMode of a convolution", () => {
    const c = new nn.Conv1d(1, 1, 3, { padding: 1, paddingMode: "circular", bias: false });
    nn.init.ones_(c.weight);
    // torch: Conv1d(1, 1, kernel_size=(3,), stride=(1,), padding=(1,), bias=False, padding_mode=circular) [[[6, 6, 6]]]
    assert.equal(
      String(c),
      "Conv1d(1, 1, kernel_size=(3,), stride=(1,), padding=(1,), bias=False, padding_mode=circular)",
    );
    assert.deepEqual(c(tensor([[[1, 2, 3]]])).toArraySync(), [[[6, 6, 6]]]);
    const d = new nn.Conv2d(1, 1, 3, { padding: 1, paddingMode: "reflect", bias: false });
    nn.init.ones_(d.weight);
    // torch: [[[[18, 15], [12, 9]]]]
    assert.deepEqual(
      d(
        tensor([
          [
            [
              [0, 1],
              [2, 3],
            ],
          ],
        ]),
      ).toArraySync(),
      [
        [
          [
            [18, 15],
            [12, 9],
          ],
        ],
      ],
    );
    // torch: ValueError padding_mode must be one of {...}
    for (const paddingMode of ["reflct", "constant", "", null, "__proto__"]) {
      assert.throws(
        () => new nn.Conv1d(1, 1, 3, { paddingMode: anything(paddingMode) }),
        /paddingMode is "zeros", "reflect", "replicate" or "circular"; got/,
      );
      assert.throws(() => new nn.Conv2d(1, 1, 3, { paddingMode: anything(paddingMode) }), ArgumentError);
    }
    const every = ["zeros", "reflect", "replicate", "circular"] as const;
    const row = (paddingMode: (typeof every)[number]): unknown => {
      const conv = new nn.Conv1d(1, 1, 3, { padding: 2, stride: 2, dilation: 2, paddingMode, bias: false });
      nn.init.ones_(conv.weight);
      return conv(tensor([[[1, 2, 3, 4, 5, 6, 7]]]))
        .squeeze()
        .toArraySync();
    };
    // torch 1.13
    assert.deepEqual(every.map(row), [
      [4, 9, 15, 12],
      [7, 9, 15, 17],
      [5, 9, 15, 19],
      [10, 9, 15, 14],
    ]);
  });

  test("scaleGradByFreq and maxNorm of an embedding", () => {
    const e = new nn.Embedding(3, 1, { scaleGradByFreq: true });
    e(tensor([0n, 0n, 2n]))
      .sum()
      .backward();
    // torch: Embedding(3, 1, scale_grad_by_freq=True) tensor([[1.], [0.], [1.]])
    assert.equal(String(e), "Embedding(3, 1, scale_grad_by_freq=True)");
    assert.deepEqual(e.weight.grad?.toArraySync(), [[1], [0], [1]]);
    // torch: Embedding(3, 2, max_norm=1)
    const bounded = new nn.Embedding(3, 2, { maxNorm: 1 });
    assert.equal(String(bounded), "Embedding(3, 2, max_norm=1)");
    nn.init.constant_(bounded.weight, 3);
    assert.equal(String(bounded(tensor([1n])).detach()), "tensor([[0.7071, 0.7071]])");
    // torch: the row that was looked up has changed, the others have not.
    assert.equal(String(bounded.weight.norm(2, 1).detach()), "tensor([4.2426, 1.0000, 4.2426])");
  });

  test("trackRunningStats of an instance norm", () => {
    const n = new nn.InstanceNorm2d(2, { trackRunningStats: true });
    n(
      tensor([
        [
          [
            [0, 1],
            [2, 3],
          ],
          [
            [4, 5],
            [6, 7],
          ],
        ],
      ]),
    );
    assert.equal(
      String(n),
      "InstanceNorm2d(2, eps=1e-05, momentum=0.1, affine=False, track_running_stats=True)",
    );
    // torch: running_mean [0.15, 0.55], running_var [1.0667, 1.0667], num_batches_tracked 0
    const state = n.stateDict();
    assert.deepEqual(Object.keys(state), ["running_mean", "running_var", "num_batches_tracked"]);
    assert.deepEqual(Object.values(state).map(String), [
      "tensor([0.1500, 0.5500])",
      "tensor([1.0667, 1.0667])",
      "tensor(0)",
    ]);
  });
});
