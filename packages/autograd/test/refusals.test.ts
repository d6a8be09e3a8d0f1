/** What jvp, vjp, jacrev, jacfwd, hessian and hvp refuse, each by its own name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as autograd from "@flambeau/autograd";
import {
  ArgumentError,
  AutogradError,
  DTypeError,
  FlambeauError,
  IndexError,
  ShapeError,
} from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";

const { jvp, vjp, jacrev, jacfwd, hessian, hvp } = autograd as any;
const x = tensor([1, 2]);
const same = (x: Tensor): Tensor => x;
const wrong: readonly unknown[] = [undefined, null, 3, "text", {}, [x], [1]];

function refused(
  name: string,
  kinds: readonly (abstract new (...args: never[]) => Error)[],
  call: () => unknown,
): void {
  assert.throws(call, (error: Error) => {
    assert.ok(error instanceof FlambeauError, `${name}: ${error.name}: ${error.message}`);
    assert.ok(
      kinds.some((kind) => error instanceof kind),
      `${error.name}: ${error.message}`,
    );
    assert.ok(error.message.startsWith(`${name}: `), error.message);
    return true;
  });
}

test("a function that is none", () => {
  for (const func of [undefined, null, 3, "text", {}, x]) {
    refused("jvp", [ArgumentError], () => jvp(func, [x], [x]));
    refused("vjp", [ArgumentError], () => vjp(func, x));
    refused("hvp", [ArgumentError], () => hvp(func, x, x));
    for (const [name, f] of Object.entries({ jacrev, jacfwd, hessian }))
      refused(name, [ArgumentError], () => f(func));
  }
});

test("points that are no tensors of floats", () => {
  for (const point of [...wrong, tensor([1n])]) {
    const kinds = [ArgumentError, DTypeError, AutogradError];
    refused("jvp", kinds, () => jvp(same, [point], [x]));
    refused("vjp", kinds, () => vjp(same, point));
    for (const [name, f] of Object.entries({ jacrev, jacfwd, hessian }))
      refused(name, kinds, () => f(same)(point));
  }
  for (const point of [3, "text", null, [1], tensor([1n])])
    refused("hvp", [ArgumentError, AutogradError], () => hvp((x: Tensor) => x.sum(), point, x));
  refused("vjp", [AutogradError], () => vjp(same));
});

test("directions that do not fit", () => {
  const [, pullback] = vjp(same, x);
  for (const g of wrong.filter((g) => !Array.isArray(g))) refused("vjp", [DTypeError], () => pullback(g));
  refused("vjp", [ShapeError], () => pullback([x, x]));
  refused("vjp", [DTypeError], () => pullback([3]));
  refused("vjp", [ShapeError], () => pullback(tensor([1])));
  for (const t of wrong) refused("jvp", [ArgumentError, DTypeError], () => jvp(same, [x], [t]));
  refused("jvp", [ShapeError], () => jvp(same, [x], []));
  refused("jvp", [ShapeError], () => jvp(same, [x], [tensor([1])]));
});

test("results that are no tensors", () => {
  for (const result of [undefined, null, 3, "text", {}, [1], [x, null]]) {
    const func = (): unknown => result;
    refused("jvp", [AutogradError], () => jvp(func, [x], [x]));
    refused("vjp", [AutogradError], () => vjp(func, x));
    refused("hvp", [AutogradError], () => hvp(func, x, x));
    for (const [name, f] of Object.entries({ jacrev, jacfwd, hessian }))
      refused(name, [AutogradError], () => f(func)(x));
  }
});

test("arguments that there are not, or twice", () => {
  for (const [name, f] of Object.entries({ jacrev, jacfwd, hessian })) {
    for (const argnums of [1, -2, 0.5, [0, 1]]) refused(name, [IndexError], () => f(same, argnums)(x));
    refused(name, [ArgumentError], () => f(same, [0, -1])(x));
    refused(name, [AutogradError], () => f(same, [])(x));
    refused(name, [ArgumentError], () => f(same, "first"));
  }
});
