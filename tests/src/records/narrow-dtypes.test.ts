/** int8, int16, float16 and bfloat16 against what PyTorch computes (tools/fixtures/narrow_dtypes.py), bit for bit. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, halfBits, isHalf } from "@flambeau/backend";
import * as fl from "flambeau";
import { contiguous, elements, type Recorded, transposed } from "../../../packages/tensor/test/support.ts";
import fixture from "../../fixtures/narrow_dtypes.json" with { type: "json" };
import { special } from "./record.ts";

interface Case {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Numbers of tensors. */
  readonly out: readonly number[];
  /** Units in the last place that a 16-bit float may be off; -1: the sign of a zero may be. */
  readonly ulps: number;
}

const pool = fixture.pool as unknown as readonly Recorded[];
const cases = fixture.cases as unknown as readonly Case[];
const draws = fixture.draws as unknown as readonly {
  readonly op: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly args: readonly number[];
  readonly out: number;
  readonly next: number;
}[];
const layouts = { contiguous, transposed };

type Call = (...args: readonly unknown[]) => unknown;

function callOf(op: string): Call {
  const found = [fl, fl.F].map((home) => (home as unknown as Record<string, Call | undefined>)[op]);
  return (
    found.find((f) => f !== undefined) ??
    ((x, ...rest) => (x as Record<string, Call>)[op].call(x, ...rest) as unknown)
  );
}

/** Arguments as they are written, with tensors of a layout. */
function read(x: unknown, layout: (x: Recorded) => fl.Tensor): unknown {
  if (Array.isArray(x)) return x.map((e) => read(e, layout));
  if (typeof x === "object" && x !== null) return layout(pool[(x as { t: number }).t]);
  return special(x);
}

/** The place of a 16-bit float among all of them, in order. */
function rank(dtype: DType, x: number): number {
  const bits = halfBits(dtype)(x);
  return bits & 0x8000 ? -(bits & 0x7fff) : bits;
}

function isNear(dtype: DType, a: number | bigint, b: number | bigint, ulps: number): boolean {
  // Of two zeros the greater is either.
  if (Object.is(a, b) || (ulps < 0 && a === b)) return true;
  if (!isHalf(dtype) || ulps <= 0 || Number.isNaN(a) || Number.isNaN(b)) return false;
  return Math.abs(rank(dtype, Number(a)) - rank(dtype, Number(b))) <= ulps;
}

function compare(x: unknown, [dtype, shape, values]: Recorded, ulps: number, what: string): void {
  assert.ok(x instanceof fl.Tensor, what);
  assert.deepEqual([x.dtype, x.shape], [dtype, shape], what);
  const got = x.dataSync();
  const wanted = elements(dtype, values);
  for (let i = 0; i < wanted.length; i++)
    if (!isNear(dtype, got[i], wanted[i], ulps))
      assert.fail(`${what}: element ${i} is ${got[i]}, PyTorch has ${wanted[i]}`);
}

describe("narrow dtypes", () => {
  for (const op of new Set(cases.map((c) => c.op))) {
    test(`${op} is PyTorch's`, () => {
      const call = callOf(op);
      const own = cases.filter((c) => c.op === op);
      own.forEach(({ args, options = {}, out, ulps }, k) => {
        for (const [name, layout] of Object.entries(layouts)) {
          const what = `${op} ${k} of ${JSON.stringify(args).slice(0, 60)}, ${JSON.stringify(options)}, ${name}`;
          const given = Object.keys(options).length > 0 ? [options] : [];
          const result = call(...(read(args, layout) as unknown[]), ...given);
          const results =
            result instanceof fl.Tensor ? [result] : Object.values(result as Record<string, unknown>);
          assert.equal(results.length, out.length, what);
          out.forEach((wanted, i) => {
            compare(results[i], pool[wanted], ulps, what);
          });
        }
      });
    });
  }

  for (const { op, dtype, shape, args, out, next } of draws) {
    test(`${op} of ${shape} numbers of ${dtype} draws PyTorch's, and as many words`, () => {
      fl.manualSeed(11);
      const inPlace = op.endsWith("_");
      const given = op === "randint" ? [...args, shape] : /^randn?$/.test(op) ? [shape] : args;
      const x = inPlace ? callOf(op)(fl.zeros(shape, { dtype }), ...given) : callOf(op)(...given, { dtype });
      // A normal number of a 16-bit float is one of functions, whose last digit may differ.
      compare(x, pool[out], /norm|randn/i.test(op) ? 1 : 0, op);
      assert.equal(fl.rand([1], { dtype: "float64" }).itemSync(), next);
    });
  }

  test("print as PyTorch prints them", () => {
    for (const { x, text } of fixture.texts as unknown as readonly { x: Recorded; text: string }[])
      assert.equal(String(contiguous(x)), text);
  });
});
