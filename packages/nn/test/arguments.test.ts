/**
 * What the methods of modules, containers and what they hold take. The layers are in tests/src/calls/modules.test.ts, functions in
 * calls.test.ts beside it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError } from "@flambeau/backend";
import { formsOf, ones, type Tensor } from "@flambeau/tensor";
import { type ArgumentsRow, called, made, testRow } from "../../../tests/src/arguments.ts";
import * as nn from "../src/index.ts";

const shapes = (list: readonly Tensor[]): string => list.map((x) => x.shape.join("x")).join();

class Net extends nn.Module {
  inner = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
  scale = new nn.Parameter(ones([3]));
}

/** A row of a method: it runs on a fresh object, of which `look` says what has become of it. */
function on<M extends object>(
  make: () => M,
  name: keyof M & string,
  row: Omit<ArgumentsRow, "run">,
  look: (owner: M, result: unknown) => unknown = (_, result) => String(result),
): Readonly<Record<string, ArgumentsRow>> {
  const run = (...args: unknown[]): unknown => {
    const owner = make();
    return look(
      owner,
      called((owner[name] as unknown as (...args: unknown[]) => unknown).bind(owner))(...args),
    );
  };
  return { [name]: { ...row, run } };
}

const net = (): Net => new Net();
const named = (_: Net, result: unknown): string =>
  (result as nn.Named<unknown>[]).map(([name]) => name).join();
const keys = (owner: nn.Module): string => Object.keys(owner.stateDict()).join();
const parameter = (): nn.Parameter => new nn.Parameter(ones([2]));
const recurse = { positional: () => ({ recurse: false }) };
const prefixed = { positional: () => ({ prefix: "a", recurse: false }) };
const module = {
  positional: () => ({ name: "other", module: new nn.ReLU() }),
  required: ["name", "module"],
};

const scaled = (): nn.StateDict => ({ scale: ones([3]).mul(2) });

describe("arguments of Module", () => {
  const rows = {
    ...on(net, "parameters", recurse, (_, list) => shapes(list as Tensor[])),
    ...on(net, "buffers", recurse, (_, list) => shapes(list as Tensor[])),
    ...on(net, "namedParameters", prefixed, named),
    ...on(net, "namedBuffers", prefixed, named),
    ...on(net, "namedModules", { named: () => ({ prefix: "a" }) }, named),
    ...on(
      net,
      "apply",
      { positional: () => ({ fn: (part: nn.Module) => part.eval() }), required: ["fn"] },
      (owner) => owner.modules().map(({ training }) => training),
    ),
    ...on(
      net,
      "train",
      { positional: () => ({ mode: false }) },
      (owner) => owner.scale.requiresGrad && owner.training,
    ),
    ...on(net, "zeroGrad", { positional: () => ({ setToNone: false }) }, ({ scale }) => String(scale.grad)),
    ...on(
      net,
      "requiresGrad_",
      { positional: () => ({ requiresGrad: false }) },
      ({ scale }) => scale.requiresGrad,
    ),
    ...on(net, "stateDict", { named: () => ({ prefix: "a.", snakeCase: true }) }, (_, dict) =>
      Object.keys(dict as object),
    ),
    ...on(
      net,
      "loadStateDict",
      {
        positional: () => ({ stateDict: scaled(), strict: false }),
      },
      ({ scale }) => String(scale),
    ),
    ...on(
      net,
      "registerParameter",
      { positional: () => ({ name: "other", param: parameter() }), required: ["name", "param"] },
      keys,
    ),
    ...on(
      net,
      "registerBuffer",
      {
        positional: () => ({ name: "other", tensor: ones([1]), persistent: false }),
        required: ["name", "tensor"],
      },
      keys,
    ),
    ...on(net, "registerModule", module, String),
    ...on(net, "addModule", module, String),
    ...on(net, "getSubmodule", { positional: () => ({ target: "inner.1" }), required: ["target"] }),
    ...on(net, "getParameter", { positional: () => ({ target: "inner.1.bias" }), required: ["target"] }),
    ...on(net, "getBuffer", { positional: () => ({ target: "inner.1.runningMean" }), required: ["target"] }),
    ...on(
      net,
      "setSubmodule",
      {
        positional: () => ({ target: "inner.1", module: new nn.Identity(), strict: true }),
        required: ["target", "module"],
      },
      String,
    ),
    ...on(
      net,
      "type",
      { positional: () => ({ dstType: "float64" }), required: ["dstType"] },
      (model) => model.scale.dtype,
    ),
  };
  const { loadStateDict, ...others } = rows;
  for (const [name, row] of Object.entries(others)) describe(name, () => testRow(name, row));

  test("loadStateDict: the dict itself, or by its name, and refusals", () => {
    const load = loadStateDict.run;
    const stateDict = scaled();
    const wanted = load(stateDict, false);
    assert.equal(load(stateDict, { strict: false }), wanted);
    assert.equal(load({ stateDict, strict: false }), wanted);
    for (const args of [[], [1], [stateDict, 1], [stateDict, { strickt: true }], [stateDict, false, 1]])
      assert.throws(() => load(...args), ArgumentError);
  });

  test("to: a device, a dtype, both, or what a tensor has", () => {
    const like = ones([1], { dtype: "float64" });
    const calls = [
      ["float64"],
      ["cpu", "float64"],
      ["cpu", { dtype: "float64" }],
      [{ dtype: "float64" }],
      [like],
    ];
    for (const args of calls) {
      const model = net();
      called(model.to.bind(model))(...args);
      assert.equal(model.scale.dtype, "float64", JSON.stringify(args));
    }
    for (const args of [[1], ["float64", 1], [{ dtyp: "float64" }], ["cpu", "float64", 1]]) {
      const model = net();
      assert.throws(() => called(model.to.bind(model))(...args), { name: "ArgumentError", message: /^to: / });
      assert.equal(model.scale.dtype, "float32");
    }
  });

  test("every method that takes arguments has a row", () => {
    const hooks = /Hook$/;
    const methods = Object.entries(Object.getOwnPropertyDescriptors(nn.Module.prototype))
      .filter(
        ([name, { value }]) => typeof value === "function" && name !== "constructor" && !hooks.test(name),
      )
      .map(([name]) => name);
    const without = [
      "children",
      "namedChildren",
      "modules",
      "eval",
      "float",
      "double",
      "half",
      "bfloat16",
      "cpu",
      "extraRepr",
      "toString",
    ];
    const theirs = ["forward", "to"];
    assert.deepEqual(
      methods.filter((name) => !(name in rows) && !without.includes(name) && !theirs.includes(name)),
      [],
    );
  });
});

describe("arguments of what holds parameters and modules", () => {
  const list = (): nn.ModuleList => new nn.ModuleList([new nn.ReLU()]);
  const dict = (): nn.ModuleDict => new nn.ModuleDict({ a: new nn.ReLU() });
  const values = (): nn.ParameterList => new nn.ParameterList([ones([2])]);
  const byName = (): nn.ParameterDict => new nn.ParameterDict({ a: ones([2]) });
  const sequence = (): nn.Sequential => new nn.Sequential(new nn.ReLU(), new nn.Tanh());
  const one = { positional: () => ({ module: new nn.Tanh() }), required: ["module"] };
  const slices = { positional: () => ({ start: 0, end: 1 }) };
  const key = { positional: () => ({ key: "a" }), required: ["key"] };
  const first = { positional: () => ({ index: 0 }), required: ["index"] };
  const rows: Readonly<Record<string, Readonly<Record<string, ArgumentsRow>>>> = {
    classes: {
      Parameter: {
        run: (...args) => String(made(nn.Parameter)(...args)),
        positional: () => ({ data: ones([1]), requiresGrad: false }),
        required: ["data"],
      },
      Buffer: {
        run: (...args) => made<nn.Buffer>(nn.Buffer)(...args).persistent,
        positional: () => ({ data: ones([1]) }),
        named: () => ({ persistent: false }),
        required: ["data"],
      },
      ModuleList: {
        run: (...args) => String(made(nn.ModuleList)(...args)),
        positional: () => ({ modules: [new nn.ReLU()] }),
      },
      ParameterList: {
        run: (...args) => String(made(nn.ParameterList)(...args)),
        positional: () => ({ values: [ones([2])] }),
      },
    },
    ModuleList: {
      ...on(list, "append", one),
      ...on(list, "extend", { positional: () => ({ modules: [new nn.Tanh()] }), required: ["modules"] }),
      ...on(list, "slice", slices),
      ...on(list, "at", first),
    },
    ModuleDict: {
      ...on(dict, "has", key),
      ...on(dict, "get", key),
      ...on(dict, "set", {
        positional: () => ({ key: "b", module: new nn.Tanh() }),
        required: ["key", "module"],
      }),
    },
    ParameterList: {
      ...on(values, "append", { positional: () => ({ value: ones([1]) }), required: ["value"] }),
      ...on(values, "extend", { positional: () => ({ values: [ones([1])] }), required: ["values"] }),
      ...on(values, "at", first),
    },
    ParameterDict: {
      ...on(byName, "has", key),
      ...on(byName, "get", key),
      ...on(byName, "set", {
        positional: () => ({ key: "b", value: ones([1]) }),
        required: ["key", "value"],
      }),
    },
    Sequential: { ...on(sequence, "append", one), ...on(sequence, "slice", slices) },
  };
  for (const [owner, table] of Object.entries(rows))
    for (const [name, row] of Object.entries(table)) describe(`${owner}: ${name}`, () => testRow(name, row));

  test("an object of modules or tensors is no object of options", () => {
    assert.equal(new nn.ModuleDict({ a: new nn.ReLU() }).size, 1);
    assert.equal(new nn.ModuleDict({ modules: { a: new nn.ReLU() } }).size, 1);
    assert.equal(new nn.ParameterDict({ parameters: { a: ones([1]) } }).size, 1);
    assert.equal(byName().update({ parameters: { b: ones([1]) } }).size, 2);
    for (const Kind of [nn.ModuleDict, nn.ParameterDict, nn.Sequential])
      assert.throws(() => made(Kind)({ a: 3 }), {
        name: "ArgumentError",
        message: /^\w+: "a" is a \w+; got 3$/,
      });
    assert.throws(() => made(nn.ModuleList)([new nn.ReLU(), nn.ReLU]), {
      message: 'ModuleList: "1" is a module; got a function (a class: write new before it)',
    });
  });

  test("a class without parameters takes no arguments", () => {
    assert.throws(() => made(nn.Sigmoid)(true), {
      message: "Sigmoid: at most 0 arguments; got 1: Sigmoid()",
    });
    assert.throws(() => made(nn.Tanh)({ dim: 1 }), { message: 'Tanh: unknown option "dim"; it takes none' });
    assert.ok(made(nn.Identity)(54, { unused: 1 }) instanceof nn.Identity);
  });
});

test("every function of nn goes by a signature", () => {
  const plain = (table: object): string[] =>
    Object.entries(table).flatMap(([name, f]) =>
      typeof f === "function" && formsOf(f) === undefined ? [name] : [],
    );
  for (const table of [nn.F, nn.init]) assert.deepEqual(plain(table), []);
});
