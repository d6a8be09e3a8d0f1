/**
 * Every operation against PyTorch 1.13 (tools/fixtures/tensor.py, options.py): as a function, as a method and in place, with
 * operands that are contiguous, transposed and strided. Elements are compared exactly, but for rounded results: those of
 * transcendental functions to 4e-7 (float32) and 1e-12 (float64) of their size, and where PyTorch itself loses the digits
 * of small terms (`elu` near zero, sums), of their size or of 1 if that is more.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as T from "@flambeau/tensor";
import options from "../../../tests/fixtures/options.json" with { type: "json" };
import fixture from "../../../tests/fixtures/tensor.json" with { type: "json" };
import { assertTensor, layouts, type Recorded } from "./support.ts";

interface Case {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly out: Recorded | readonly Recorded[];
  readonly loose?: number;
}

type AnyFunction = (...args: unknown[]) => unknown;
type AnyObject = Record<string, any>;

interface Fixture {
  readonly tensors: readonly Recorded[];
  readonly cases: readonly Case[];
}
/** All cases, with the tensors that their arguments name by number. */
const cases = ([fixture, options] as unknown as Fixture[]).flatMap((f) =>
  f.cases.map((c) => ({ ...c, pool: f.tensors })),
);
type Pooled = (typeof cases)[number];

/** The arguments with fresh tensors of a layout. */
function revive(x: unknown, pool: readonly Recorded[], make: (x: Recorded) => T.Tensor): unknown {
  if (Array.isArray(x)) return x.map((e) => revive(e, pool, make));
  if (typeof x === "string" && /^-?(inf|nan)$/.test(x)) return Number(x.replace("inf", "Infinity"));
  if (typeof x !== "object" || x === null) return x;
  if ("t" in x) return make(pool[(x as { t: number }).t]);
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, revive(value, pool, make)]));
}

function functionOf(op: string): AnyFunction | undefined {
  return op.split(".").reduce((object: AnyObject, name) => object?.[name], T as AnyObject) as unknown as
    | AnyFunction
    | undefined;
}

/** Ops that may choose either zero where 0 and -0 meet, as IEEE 754 leaves it open; there PyTorch's own loops differ. */
const eitherZero = new Set([
  "maximum",
  "minimum",
  "clamp",
  "clampMin",
  "clampMax",
  "relu",
  "floorDivide",
  "div",
]);

function assertResult(result: unknown, { op, out, loose }: Case): void {
  const rule = { loose, eitherZero: eitherZero.has(op.split(".").at(-1) as string) };
  if (typeof out[0] === "string") {
    assertTensor(result, out as Recorded, rule);
    return;
  }
  const parts = Array.isArray(result) ? result : Object.values(result as object);
  assert.equal(parts.length, out.length);
  for (let i = 0; i < parts.length; i++) assertTensor(parts[i], out[i] as Recorded, rule);
}

const byOp = new Map<string, Pooled[]>();
for (const c of cases) byOp.set(c.op, [...(byOp.get(c.op) ?? []), c]);
let methods = 0;
let writes = 0;

for (const [op, list] of byOp) {
  describe(op, () => {
    for (const [layout, make] of Object.entries(layouts)) {
      // asStrided sees the memory itself, which is another in each layout.
      if (op === "asStrided" && layout !== "contiguous") continue;
      test(`${layout}, ${list.length} calls`, () => {
        const failures: string[] = [];
        for (const c of list) {
          try {
            check(op, c, () => revive(c.args, c.pool, make) as unknown[]);
          } catch (error) {
            failures.push(`${op}(${describeArguments(c)}): ${(error as Error).message}`);
          }
        }
        assert.equal(failures.length, 0, failures.join("\n"));
      });
    }
  });
}

function describeArguments({ args, pool }: Pooled): string {
  return JSON.stringify(args, (_, x) => (x?.t === undefined ? x : `${pool[x.t][0]} [${pool[x.t][1]}]`));
}

function check(op: string, c: Case, args: () => unknown[]): void {
  const f = functionOf(op);
  const [x, ...rest] = args();
  const name = op.split(".").at(-1) as string;
  const called = x instanceof T.Tensor ? (x as AnyObject)[name] : undefined;
  assert.ok(f !== undefined || called !== undefined, "there is neither a function nor a method");
  if (f !== undefined) assertResult(op === "at" ? f(x, ...rest) : f(...args()), c);
  if (called === undefined) return;
  methods++;
  assertResult(
    op === "where"
      ? ((rest[0] as AnyObject | undefined)?.where?.(x, rest[1]) ?? f?.(x, ...rest))
      : called.apply(x, rest),
    c,
  );
  const inPlace = (x as AnyObject)[`${name}_`];
  const out = c.out as Recorded;
  const target = args()[0] as T.Tensor;
  if (inPlace === undefined || out[0] !== target.dtype || String(out[1]) !== String(target.shape)) return;
  writes++;
  assert.equal(inPlace.apply(target, args().slice(1)), target, "an in-place op gives its tensor");
  assertResult(target, c);
}

test("methods and in-place forms were reached", () => {
  assert.ok(methods > 2000, `${methods} method calls`);
  assert.ok(writes > 500, `${writes} in-place calls`);
});
