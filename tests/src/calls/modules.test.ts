/** Every module of nn is built by one rule: what it takes is told from its own errors, and how it is used from PyTorch's records. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, FlambeauError, isPlainObject } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { manualSeed, ones, type Tensor } from "@flambeau/tensor";
import { made } from "../arguments.ts";
import { argumentsOf, moduleCases } from "../records/modules.ts";
import { moduleNames } from "../records/names.ts";

type Options = Readonly<Record<string, unknown>>;
type Make = (...args: unknown[]) => nn.Module;

/** Modules that take what a user has of their own: packages/nn/test/arguments.test.ts has those. */
const others: readonly string[] = [
  ...["Identity", "Loss", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"],
];
const names = moduleNames.filter((name) => !others.includes(name));

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ArgumentError, `${error}`);
    return error.message;
  }
  return "taken";
}

/** The parameters of a class, as its errors list them, and how many of them can be given by position. */
function parametersOf(make: Make): { readonly params: readonly string[]; readonly positional: number } {
  const list = refusal(() => make({ qqqqqqqqqqqq: 1 }));
  const many = refusal(() => make(...new Array<unknown>(40).fill(Symbol("wrong"))));
  assert.match(list, /unknown option "qqqqqqqqqqqq"; (there are |it takes none)/);
  assert.match(many, /at most \d+ argument/);
  const found = /there are (.*)$/.exec(list)?.[1].split(", ") ?? [];
  return { params: found, positional: Number(/at most (\d+)/.exec(many)?.[1]) };
}

/** Values for parameters that no record gives, of which the first that fits is taken. */
const more: readonly unknown[] = [
  ...[true, false, 2, 1, 0.5, "cpu", "float64", "sum", "relu", "zeros", [1, 1]],
  ones([1, 1, 2]).div(4),
];

interface Case {
  readonly make: Make;
  readonly params: readonly string[];
  readonly positional: number;
  readonly options: () => Options;
}

const classes = nn as unknown as Readonly<Record<string, object>>;
const sizeOf = (options: Options): number => Object.values(options).filter((x) => x !== undefined).length;

/** Arguments as a record has them, by the names of the parameters. */
function byName(params: readonly string[], args: readonly unknown[]): Options {
  const isOptions = (x: unknown): boolean =>
    typeof x === "object" &&
    isPlainObject(x) &&
    Object.keys(x as object).every((key) => params.includes(key));
  return Object.assign({}, ...args.map((x, i) => (isOptions(x) ? x : { [params[i]]: x })));
}

/** What a module is built of, as far as records say: a lazy one of the arguments of that which it becomes. */
function recorded(name: string): () => Options {
  const base = name.replace(/^Lazy/, "");
  const { params } = parametersOf(made<nn.Module>(classes[base]));
  const [best] = moduleCases
    .filter(({ module }) => module === base)
    .sort((a, b) => sizeOf(byName(params, argumentsOf(b))) - sizeOf(byName(params, argumentsOf(a))));
  assert.ok(best !== undefined, `${base} has no record`);
  return () => {
    // Modules among them have the same values each time.
    manualSeed(9);
    return byName(params, argumentsOf(best));
  };
}

/** The case with most arguments, by their names. */
function caseOf(name: string): Case {
  const make = made<nn.Module>(classes[name]);
  const { params, positional } = parametersOf(make);
  const best = recorded(name);
  const extra: Record<string, unknown> = {};
  const options = (): Options =>
    Object.fromEntries(Object.entries({ ...best(), ...extra }).filter(([key]) => params.includes(key)));
  for (const param of params) {
    if (options()[param] !== undefined) continue;
    const value = more.find((x) => works(() => make({ ...options(), [param]: x })));
    if (value !== undefined) extra[param] = value;
  }
  return { make, params, positional, options };
}

function works(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

/** What a module is: its text, its fields, its values. */
function described(module: nn.Module): unknown {
  const plain = Object.entries(module).filter(([, x]) => typeof x !== "object" && typeof x !== "function");
  const lists = Object.entries(module).filter(([, x]) => Array.isArray(x));
  const state = Object.entries(module.stateDict()).map(([key, x]: [string, Tensor]) => [
    key,
    x.dtype,
    String(x),
  ]);
  return [String(module), plain, lists, state];
}

/** Parameters for which none of the values is right: they do not go together with what the record gives. */
const without: Readonly<Record<string, readonly string[]>> = {
  EmbeddingBag: ["_weight"],
  FractionalMaxPool2d: ["outputSize"],
  FractionalMaxPool3d: ["outputRatio"],
  Transformer: ["customEncoder", "customDecoder"],
};

describe("modules", () => {
  for (const name of names) {
    test(name, () => {
      const { make, params, positional, options } = caseOf(name);
      const built = (...args: unknown[]): unknown => {
        manualSeed(3);
        return described(make(...args));
      };
      const lacking = params.filter((param) => options()[param] === undefined);
      assert.deepEqual(lacking, without[name] ?? []);

      const whole = built(options());
      for (let count = 0; count <= positional; count++) {
        const { ...rest } = options() as Record<string, unknown>;
        const head = params.slice(0, count).map((param) => rest[param]);
        for (const param of params.slice(0, count)) delete rest[param];
        assert.deepEqual(built(...head, rest), whole, `${count} by position`);
      }

      const starts = (message: string, ...parts: readonly string[]): void => {
        assert.ok(message.startsWith(`${name}: `) && parts.every((part) => message.includes(part)), message);
      };
      const values = params.slice(0, positional).map((param) => options()[param]);
      starts(
        refusal(() => make(...values, 1)),
        "at most",
        "got",
      );
      for (const param of params) {
        const { [param]: value, ...rest } = options();
        const snake = param.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        if (snake !== param)
          starts(
            refusal(() => make({ ...rest, [snake]: value })),
            `"${snake}" is written ${param}`,
          );
        starts(
          refusal(() => make({ ...rest, [param]: Symbol("wrong") })),
          `${param} is `,
        );
        // A default may not go together with the others.
        const left = errorOf(() => make(rest));
        if (left instanceof ArgumentError) starts(left.message, `${param} is missing`);
        else assert.ok(left === undefined || left instanceof FlambeauError, `${left}`);
      }
    });
  }
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
