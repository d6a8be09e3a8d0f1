/** PyTorch's samples of all ops that no other fixture of samples has (tools/fixtures/database_samples.py). */

import type { Tensor } from "flambeau";
import * as flambeau from "flambeau";
import fixture from "../../fixtures/database_samples.json" with { type: "json" };
import { camel } from "../records/record.ts";
import { casesByOpOf, type OpCase, type Particulars } from "./samples.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);

type AnyFunction = (...args: never[]) => unknown;

const functions = flambeau as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Python's operators with the tensor on the right: the database gives that one first. */
const operators = {
  ...{ __radd__: "add", __rdiv__: "div", __rmul__: "mul", __rand__: "bitwiseAnd", __ror__: "bitwiseOr" },
  ...{
    __rxor__: "bitwiseXor",
    __rmatmul__: "matmul",
    __rmod__: "remainder",
    __rpow__: "pow",
    __rsub__: "sub",
  },
} as const;
const reflected = Object.fromEntries(
  Object.entries(operators).map(([op, name]) => {
    const f = functions[name];
    return [op, (a: Tensor, b: unknown) => f(b, a)];
  }),
);

/** Methods and properties that are no functions: PyTorch's function is one of the method. */
const methods = Object.fromEntries(
  [...casesByOp.keys()]
    .filter((op) => camel(op) in flambeau.Tensor.prototype && !(camel(op) in flambeau))
    .map((op) => {
      const method = (x: Tensor, ...rest: unknown[]): unknown => {
        const value = (x as unknown as Record<string, unknown>)[camel(op)];
        return typeof value === "function" ? Reflect.apply(value, x, rest) : value;
      };
      return [op, method as AnyFunction];
    }),
);

export const particulars: Particulars = {
  // PyTorch's sixth is that of float32.
  digits: (op) => (op === "nn.functional.hardsigmoid" ? 1e-7 : 1e-9),
  functions: {
    ...reflected,
    ...methods,
    // What the database gives in another order, or by a list.
    einsum: (tensors: Tensor[], equation: string) => flambeau.einsum(equation, tensors),
    where: (x: Tensor, condition: Tensor, y: Tensor) => flambeau.where(condition, x, y),
    zero_: (x: Tensor) => x.clone().zero_(),
    "nn.functional.embedding": (weight: Tensor, at: Tensor, ...rest: []) =>
      flambeau.F.embedding(at, weight, ...rest),
    "nn.functional.embedding_bag": (weight: Tensor, at: Tensor, ...rest: []) =>
      flambeau.F.embeddingBag(at, weight, ...rest),
  },
};

interface Apart {
  readonly op: string;
  readonly when: (c: OpCase) => boolean;
  readonly reason: string;
}

const isScalar = ({ tensors: [[, shape]] }: OpCase): boolean => shape.length === 0;

/** Samples that are not as in PyTorch 1.13, and why. */
const apart: readonly Apart[] = [
  {
    op: "addmm",
    when: ({ tensors: [[dtype]], kwargs }) => dtype === "int64" && kwargs.beta === 0.2,
    reason: "PyTorch 1.13 cuts a fractional factor of integers to an integer in silence",
  },
  {
    op: "nn.functional.batch_norm",
    when: ({ tensors: [[, shape]] }) => shape.length === 1,
    reason: "a tensor without elements needs the dimension of its channels as well",
  },
  {
    op: "nn.functional.hardtanh",
    when: ({ kwargs: { min_val, max_val } }) => Number(min_val) > Number(max_val),
    reason: "bounds the wrong way round are an error, as in PyTorch from 2.0",
  },
  {
    op: "square",
    when: ({ tensors: [[dtype]] }) => dtype === "bool",
    reason: "the square of a bool is bool here, and int64 in PyTorch",
  },
  { op: "mT", when: isScalar, reason: "a scalar is no matrix; PyTorch deprecates that it is taken" },
];

/** The reason why a case is not PyTorch's, if it is none. */
export const reasonApart = (c: OpCase): string | undefined =>
  apart.find(({ op, when }) => op === c.op && when(c))?.reason;
