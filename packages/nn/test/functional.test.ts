/** Options, forms and dtypes of nn.functional against PyTorch's (tools/fixtures/options.py). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DType } from "@flambeau/backend";
import { functional } from "@flambeau/nn";
import { Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/functional.json" with { type: "json" };
import { assertClose, numbersOf, type Values } from "./close.ts";

type Recorded = readonly [dtype: DType, shape: readonly number[], values: Values];
interface Case {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly out: Recorded;
  readonly loose?: number;
}

const pool = fixture.tensors as unknown as Recorded[];
const cases = fixture.cases as unknown as Case[];
const functions = functional as unknown as Record<string, (...args: unknown[]) => unknown>;

/** An argument with tensors in place of their numbers in the pool. */
function revive(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(revive);
  if (typeof x !== "object" || x === null) return x;
  if ("t" in x) {
    const [dtype, shape, values] = pool[(x as { t: number }).t];
    return tensor(numbersOf(values), { dtype }).reshape(shape);
  }
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, revive(value)]));
}

for (const op of new Set(cases.map((c) => c.op))) {
  const list = cases.filter((c) => c.op === op);
  test(`${op}, ${list.length} calls`, () => {
    for (const { args, out, loose } of list) {
      const call = JSON.stringify(args);
      const result = functions[op](...args.map(revive));
      assert.ok(result instanceof Tensor, call);
      assert.deepEqual([result.dtype, result.shape], out.slice(0, 2), call);
      assertClose(result, out[2], loose ? 2e-6 : 0, call);
    }
  });
}

test("the calls are those of the fixture", () => assert.ok(cases.length > 250));
