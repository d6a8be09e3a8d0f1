/** Expressions: what they are made of, evaluated one node at a time. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { binary, E, type Expr, type ExprLike, input, param, select, unary } from "@flambeau/backend";

const unaries = [
  ...[
    "neg",
    "abs",
    "sign",
    "bitnot",
    "floor",
    "ceil",
    "trunc",
    "round",
    "sqrt",
    "exp",
    "expm1",
    "log",
    "log2",
  ],
  ...[
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
  ],
  ...["atanh", "erf", "erfc", "erfinv"],
] as const;
const binaries = [
  ...["add", "sub", "mul", "div", "floordiv", "truncdiv", "mod", "fmod", "pow", "atan2", "min", "max"],
  ...["eq", "ne", "lt", "le", "gt", "ge", "bitand", "bitor", "bitxor"],
] as const;

type Numbers = Readonly<Record<string, (a: number, b: number) => number>>;
/** Functions enough for formulas, and not symmetric in their operands. */
const functions: Numbers = {
  neg: (a) => -a,
  abs: Math.abs,
  exp: Math.exp,
  log1p: Math.log1p,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  max: Math.max,
  lt: (a, b) => Number(a < b),
};

/** The value of an expression, each node computed once, and how many there were. */
function evaluate(
  root: Expr,
  inputs: readonly number[],
  params: readonly number[] = [],
): { value: number; nodes: number } {
  const known = new Map<Expr, number>();
  const at = (x: Expr): number => {
    const before = known.get(x);
    if (before !== undefined) return before;
    const value = ((): number => {
      switch (x.kind) {
        case "input":
          return inputs[x.index];
        case "param":
          return params[x.index];
        case "const":
          return x.value;
        case "unary":
          return functions[x.fn](at(x.a), Number.NaN);
        case "binary":
          return functions[x.fn](at(x.a), at(x.b));
        case "select":
          return at(x.condition) !== 0 ? at(x.a) : at(x.b);
      }
    })();
    known.set(x, value);
    return value;
  };
  return { value: at(root), nodes: known.size };
}

const [x, y] = [input(0), input(1)];

describe("the language by name", () => {
  test("has every function, and nothing else", () => {
    assert.deepEqual(Object.keys(E).sort(), [...unaries, ...binaries, "select"].sort());
  });

  for (const fn of unaries) {
    test(`${fn} of one`, () => {
      const node = (E[fn] as (a: ExprLike) => Expr)(x);
      assert.deepEqual(node, { kind: "unary", fn, a: x });
      assert.deepEqual(node, unary(fn, x));
    });
  }
  for (const fn of binaries) {
    test(`${fn} of two, in order`, () => {
      const node = (E[fn] as (a: ExprLike, b: ExprLike) => Expr)(x, y);
      assert.deepEqual(node, { kind: "binary", fn, a: x, b: y });
      assert.deepEqual(node, binary(fn, x, y));
    });
  }
  test("select of a condition and two, in order", () => {
    assert.deepEqual(E.select(x, y, 3), {
      kind: "select",
      condition: x,
      a: y,
      b: { kind: "const", value: 3 },
    });
    assert.equal(E.select, select);
  });
});

describe("leaves", () => {
  test("are inputs and params by number", () => {
    assert.deepEqual(
      [input(3), param(2)],
      [
        { kind: "input", index: 3 },
        { kind: "param", index: 2 },
      ],
    );
  });

  test("are numbers wherever an expression goes: -0, nan and infinity as they are", () => {
    for (const value of [0, -0, 2.5, Number.NaN, Infinity, -Infinity]) {
      const leaf = { kind: "const", value };
      const found = [
        E.neg(value),
        E.add(value, x),
        E.sub(x, value),
        E.select(value, x, y),
        E.select(x, value, y),
      ];
      assert.deepEqual(found, [
        { kind: "unary", fn: "neg", a: leaf },
        { kind: "binary", fn: "add", a: leaf, b: x },
        { kind: "binary", fn: "sub", a: x, b: leaf },
        { kind: "select", condition: leaf, a: x, b: y },
        { kind: "select", condition: x, a: leaf, b: y },
      ]);
    }
  });
});

describe("formulas", () => {
  const grid = [-3, -1, -0.25, 0, 0.5, 2, 7];

  test("mean what they read as", () => {
    const logistic = E.div(1, E.add(1, E.exp(E.neg(x))));
    const softplus = E.add(E.max(x, 0), E.log1p(E.exp(E.neg(E.abs(x)))));
    const leaky = E.select(E.lt(x, 0), E.mul(x, param(0)), x);
    for (const v of grid) {
      assert.equal(evaluate(logistic, [v]).value, 1 / (1 + Math.exp(-v)));
      assert.equal(evaluate(softplus, [v]).value, Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))));
      assert.equal(evaluate(leaky, [v], [0.125]).value, v < 0 ? v * 0.125 : v);
      for (const w of grid) {
        assert.equal(evaluate(E.sub(E.pow(E.abs(x), y), y), [v, w]).value, Math.abs(v) ** w - w);
      }
    }
  });

  test("keep what they share as one node", () => {
    const square = E.mul(x, x);
    const sum = E.add(square, square);
    assert.ok(sum.kind === "binary" && sum.a === square && sum.b === square && square.kind === "binary");
    assert.deepEqual(evaluate(sum, [3]), { value: 18, nodes: 3 });
    // Doubled ten times: as a tree it would have a thousand leaves.
    let tower = E.add(x, 1);
    for (let i = 0; i < 10; i++) tower = E.add(tower, tower);
    assert.deepEqual(evaluate(tower, [1]), { value: 2048, nodes: 13 });
  });

  test("any number but 0 is true, nan too", () => {
    const chosen = E.select(x, 1, 2);
    for (const v of [1, -1, 1e-300, Infinity, Number.NaN]) assert.equal(evaluate(chosen, [v]).value, 1);
    for (const v of [0, -0]) assert.equal(evaluate(chosen, [v]).value, 2);
  });
});
