import assert from "node:assert/strict";
import { test } from "node:test";
import { AutogradError } from "@flambeau/backend";
import {
  binomial,
  cat,
  dispatch,
  multinomial,
  type OpCall,
  poisson,
  registerOpHook,
  type Tensor,
  tensor,
  zeros,
} from "@flambeau/tensor";

interface Seen extends OpCall {
  readonly outputs: readonly Tensor[];
  readonly depth: number;
}

/** The calls of ops while `body` runs, in the order in which they end. */
function seenIn(body: () => void): Seen[] {
  const seen: Seen[] = [];
  let depth = 0;
  const handle = registerOpHook((call, execute) => {
    depth++;
    try {
      const outputs = execute();
      seen.push({ ...call, outputs, depth: depth - 1 });
    } finally {
      depth--;
    }
  });
  try {
    body();
  } finally {
    handle.remove();
  }
  return seen;
}

const names = (seen: readonly Seen[]): string[] => seen.map((call) => call.name);

test("an op is seen with its operands, attributes and output", () => {
  const [a, b] = [tensor([[1, 2]]), tensor([[3], [4]])];
  let out: Tensor | undefined;
  const [call] = seenIn(() => {
    out = a.matmul(b);
  });
  assert.equal(call.name, "matmul");
  assert.equal(call.kind, "op");
  assert.deepEqual(call.inputs, [a, b]);
  assert.equal(call.attributes, undefined);
  assert.equal(call.outputs[0], out);
  const [sum] = seenIn(() => a.sum(1, true));
  assert.deepEqual(sum.attributes, { dims: [1], keepdim: true });
  const [add] = seenIn(() => a.add(2));
  assert.deepEqual(add.inputs, [a, 2]);
});

test("views, writes and ops of several outputs are seen", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const seen = seenIn(() => {
    x.t().reshape([4]);
    x.add_(1);
    x.select(0, 0).fill_(2);
    x.unbind();
    x.sort();
  });
  assert.deepEqual(
    seen.map((call) => `${call.kind} ${call.name}`),
    [
      "view permute",
      "op clone",
      "view reshape",
      "write add",
      "view slice",
      "view reshape",
      "write fill",
      "view unbind",
      "op sort",
    ],
  );
  assert.equal(seen.find((call) => call.name === "add")?.outputs[0], x);
  assert.equal(seen.find((call) => call.name === "unbind")?.outputs.length, 2);
});

test("comparisons, casts, fills and draws are seen, though they have no derivative", () => {
  const x = tensor([1, 2]);
  const seen = seenIn(() => {
    x.gt(1).any();
    x.argmax();
    x.long();
    zeros([2]);
    x.clone().uniform_();
    x.gt(1).nonzero();
  });
  assert.deepEqual(names(seen), ["gt", "any", "argmax", "cast", "full", "clone", "uniform", "gt", "nonzero"]);
});

test("counts that are drawn are seen with what they are drawn from", () => {
  const [rates, half] = [tensor([2, 30]), tensor([0.5, 0.5])];
  const seen = seenIn(() => {
    poisson(rates);
    binomial(rates, half);
    multinomial(half, 2);
  });
  assert.deepEqual(
    seen
      .filter(({ kind }) => kind === "op")
      .map(({ name, kind, inputs, outputs }) => [name, kind, inputs.length, outputs[0].shape]),
    [
      ["poisson", "op", 1, [2]],
      ["binomial", "op", 2, [2]],
      ["multinomial", "op", 1, [2]],
    ],
  );
  assert.equal(seen[0].inputs[0], rates);
});

test("what runs within an op or a group is seen within its call", () => {
  const x = tensor([3, 1, 2]);
  const seen = seenIn(() => {
    x.median();
    dispatch.observedModule("twice", {}, [x], () => x.add(1).add(1));
  });
  const at = seen.findIndex((call) => call.name === "median");
  assert.ok(seen.slice(0, at).every((call) => call.depth === 1));
  assert.ok(seen.slice(0, at).some((call) => call.name === "sort"));
  assert.deepEqual(
    seen.slice(at + 1).map(({ name, kind, depth }) => [name, kind, depth]),
    [
      ["add", "op", 1],
      ["add", "op", 1],
      ["twice", "group", 0],
    ],
  );
});

test("a hook does not see the ops that it runs itself; one below it does", () => {
  const below: string[] = [];
  const first = registerOpHook((call, execute) => {
    below.push(call.name);
    execute();
  });
  const above: string[] = [];
  const second = registerOpHook((call, execute) => {
    above.push(call.name);
    const [out] = execute();
    out.sum();
  });
  cat([tensor([1]), tensor([2])]).mul(2);
  second.remove();
  first.remove();
  assert.deepEqual(above, ["cat", "mul"]);
  assert.deepEqual(below, ["cat", "sum", "mul", "sum"]);
  assert.equal(dispatch.observer, null);
});

test("a hook is removed once by each handle, also while an op runs", () => {
  let count = 0;
  const hook = (_: OpCall, execute: () => readonly Tensor[]): void => {
    count++;
    execute();
  };
  const [one, two] = [registerOpHook(hook), registerOpHook(hook)];
  tensor([1]).neg();
  assert.equal(count, 2);
  one.remove();
  one.remove();
  tensor([1]).neg();
  assert.equal(count, 3);
  two.remove();
  const self = registerOpHook((_, execute) => {
    count++;
    execute();
    self.remove();
  });
  tensor([1]).neg().neg();
  assert.equal(count, 4);
  assert.equal(dispatch.observer, null);
});

test("a hook that does not execute once is an error; one that throws leaves the hooks as they were", () => {
  const none = registerOpHook(() => {});
  assert.throws(() => tensor([1]).neg(), AutogradError);
  none.remove();
  const twice = registerOpHook((_, execute) => {
    execute();
    execute();
  });
  assert.throws(() => tensor([1]).neg(), AutogradError);
  twice.remove();
  let seen = 0;
  const handle = registerOpHook((_, execute) => {
    seen++;
    execute();
  });
  assert.throws(() => tensor([[1]]).matmul(tensor([[1], [2]])), /cannot be multiplied/);
  tensor([1]).neg();
  handle.remove();
  assert.equal(seen, 2);
});

interface SeenCall {
  readonly call: OpCall;
  readonly outputs: readonly Tensor[];
}

/** Calls of functions and methods while `body` runs, and reads, without those within them. */
function callsIn(body: () => void): SeenCall[] {
  const seen: SeenCall[] = [];
  let depth = 0;
  const handle = registerOpHook(
    (call, execute) => {
      const isOutermost = depth++ === 0;
      try {
        const outputs = execute();
        if (isOutermost) seen.push({ call, outputs });
      } finally {
        depth--;
      }
    },
    { calls: true },
  );
  try {
    body();
  } finally {
    handle.remove();
  }
  return seen;
}

test("a hook of calls sees functions and methods with their arguments by name", () => {
  const x = tensor([
    [3, 1],
    [2, 5],
  ]);
  const seen = callsIn(() => {
    x.sum(1, true);
    x.sum({ dim: 1, keepdim: true });
    x.max(1);
    cat([x, x], 1);
    x.add_(2);
    x.at(0, "1:");
    x.set([0, 0], 7);
    zeros([2, 3]);
  });
  assert.deepEqual(
    seen.map(({ call }) => [call.kind, call.name, call.inputs.length]),
    [
      ["call", "sum", 1],
      ["call", "sum", 1],
      ["call", "max", 1],
      ["call", "cat", 2],
      ["call", "add_", 1],
      ["call", "at", 1],
      ["call", "set", 1],
      ["call", "zeros", 0],
    ],
  );
  const [positional, byName, max, , , at] = seen;
  assert.deepEqual(positional.call.attributes, byName.call.attributes);
  assert.deepEqual(
    { ...positional.call.attributes, input: 0 },
    { input: 0, dim: 1, keepdim: true, dtype: undefined },
  );
  assert.deepEqual(
    max.outputs.map(({ dtype }) => dtype),
    ["float32", "int64"],
  );
  assert.equal((max.call.result as { values: Tensor }).values, max.outputs[0]);
  assert.deepEqual((at.call.attributes as { index: unknown }).index, [0, "1:"]);
});

test("a hook of calls sees what brings elements to JavaScript", () => {
  const x = tensor([2]);
  const seen = callsIn(() => {
    x.itemSync();
    x.toArraySync();
    Number(x);
    JSON.stringify(x);
    x.numpy();
  });
  assert.deepEqual(
    seen.map(({ call }) => [call.kind, call.inputs[0] === x]),
    Array.from({ length: 5 }, () => ["read", true]),
  );
});

test("calls have their results and errors whether they are seen or not, and a hook without `calls` sees ops alone", () => {
  const names: string[] = [];
  const ops = registerOpHook((call, execute) => {
    names.push(`${call.kind} ${call.name}`);
    execute();
  });
  const calls = registerOpHook((_, execute) => void execute(), { calls: true });
  const x = tensor([1, 2]);
  assert.deepEqual(x.add(1).toArraySync(), [2, 3]);
  assert.throws(() => x.sum({ dims: 0 } as never), { name: "ArgumentError" });
  assert.throws(() => x.reshape([3]), { name: "ShapeError" });
  calls.remove();
  ops.remove();
  assert.deepEqual(names, ["op add"]);
  assert.equal(dispatch.observesCalls, false);
});

test("an elementwise op is shown with its formula, and numbers that are scattered as a fill", () => {
  const seen: string[] = [];
  const handle = registerOpHook((call, execute) => {
    execute();
    seen.push(`${call.name} ${call.formula?.arity ?? ""}`);
  });
  tensor([1, 2]).exp();
  tensor([1, 2]).scatter(0, tensor([0n]), 7);
  handle.remove();
  assert.deepEqual(seen, ["exp 1", "full ", "scatter "]);
});
