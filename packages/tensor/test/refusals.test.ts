/** What reads well in Python and does nothing in JavaScript says how it is written here. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ArgumentError, IndexError } from "@flambeau/backend";
import { Tensor, tensor } from "../src/index.ts";

/** For what TypeScript refuses. */
type Anything = Record<string | number, unknown>;
const make = (): Tensor & Anything =>
  tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]) as Tensor & Anything;

describe("an assignment", () => {
  const ways: Readonly<Record<string, string>> = {
    shape: "; a tensor with another is made by x.reshape([2, 3])",
    dtype: '; a tensor with another is made by x.to("float64")',
    device: '; a tensor with another is made by x.to("webgpu")',
    gradFn: "; a tensor with another is made by x.detach()",
    isLeaf: "; a tensor with another is made by x.detach()",
    ndim: "",
    length: "",
    T: "",
    mT: "",
  };
  for (const [name, way] of Object.entries(ways)) {
    test(`to ${name} is refused`, () => {
      const x = make();
      assert.throws(
        () => {
          (x as Anything)[name] = [6];
        },
        { name: "ArgumentError", message: `Tensor: ${name} cannot be set${way}` },
      );
      assert.deepEqual([x.shape, x.dtype, x.toArraySync()], [make().shape, "float32", make().toArraySync()]);
    });
  }

  test("to what can be set is none of them", () => {
    const x = make();
    x.requiresGrad = true;
    x.sum().backward();
    x.grad = null;
    x.data = tensor([[7, 8, 9]]);
    assert.deepEqual([x.shape, x.requiresGrad, x.grad], [[1, 3], true, null]);
  });
});

test("an element by its number", () => {
  const x = make();
  assert.throws(() => x[0], {
    name: "IndexError",
    message: "x[0]: JavaScript has no operators for tensors; it is written x.at(0)",
  });
  assert.throws(() => x[-1], IndexError);
  assert.throws(
    () => {
      x[1] = 3;
    },
    { name: "IndexError", message: /x\.set\(\[1\], value\)/ },
  );
  assert.deepEqual(x.toArraySync(), make().toArraySync());
});

test("a function that is a method in PyTorch", () => {
  const x = make();
  assert.throws(() => x.unfold, {
    name: "ArgumentError",
    message: 'x.unfold is a function here: unfold(x, ...) of "flambeau" or "@flambeau/ops"',
  });
  for (const name of ["H", "mH", "reshapeAs", "splitWithSizes", "sumToSize"])
    assert.throws(() => x[name], { name: "ArgumentError" }, name);
  // Any other name may be looked for, and these may be set.
  for (const name of ["unfolded", "then", "h", "asymmetricMatch"]) assert.equal(x[name], undefined);
  assert.equal("unfold" in x, false);
  x.unfold = 3;
  assert.equal(x.unfold, 3);
});

test("a name in snake_case", () => {
  const x = make();
  assert.throws(() => x.masked_fill, {
    name: "ArgumentError",
    message: 'Tensor: "masked_fill" is written maskedFill here',
  });
  assert.throws(() => x.requires_grad_, {
    message: 'Tensor: "requires_grad_" is written requiresGrad_ here',
  });
  assert.throws(() => {
    x.requires_grad = true;
  }, ArgumentError);
  assert.equal(x.requiresGrad, false);
});

test("any other name is looked for in vain, and may be set", async () => {
  const x = make();
  for (const name of ["then", "toJson", "no_such_thing", "asymmetricMatch", "nodeType", "sum__", "_sum"])
    assert.equal(x[name], undefined, name);
  x.label = "rows";
  x.my_label = "rows";
  assert.deepEqual([x.label, x.my_label, Object.hasOwn(x, "label")], ["rows", "rows", true]);
  assert.equal(await Promise.resolve(x), x);
  assert.ok(x instanceof Object && x instanceof Tensor);
  assert.equal(Object.hasOwn(x, "shape"), false);
});

test("length is the first size: PyTorch's len(x)", () => {
  assert.equal(make().length, 2);
  assert.equal((tensor(1) as Tensor & Anything).length, undefined);
});
