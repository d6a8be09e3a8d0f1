/** The assertions and the test module that stand in for Node's in pages: they judge as Node's do. */
import nodeAssert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import pageAssert from "../../tools/browser/page-assert.ts";
import { check } from "../src/property.ts";

type Judge = (assert: typeof nodeAssert) => unknown;

/** Whether both let it pass, or both do not. */
function agree(judge: Judge, what: string): boolean {
  const verdicts = [nodeAssert, pageAssert as unknown as typeof nodeAssert].map((assert) => {
    try {
      judge(assert);
      return true;
    } catch {
      return false;
    }
  });
  nodeAssert.equal(verdicts[1], verdicts[0], what);
  return verdicts[0];
}

class Point {
  x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const values: readonly unknown[] = [
  ...[0, -0, 1, Number.NaN, Infinity, 1n, "", "a", true, false, null, undefined],
  ...[[], [0], [-0], [1, 2], [1, [2, undefined]], [undefined], {}, { a: 1 }, { a: 1, b: undefined }],
  ...[Float32Array.of(1, Number.NaN), Float32Array.of(1, 0), Float32Array.of(1, -0), Float64Array.of(1, 0)],
  ...[BigInt64Array.of(1n), new Point(1), new Point(2), { x: 1 }, new Map([[1, 2]]), new Map([[1, 3]])],
  ...[new Set([1]), new Set([2]), new Error("a"), new Error("b"), new TypeError("a"), /a/, /b/],
];

describe("assertions in pages", () => {
  test("equality is Node's", () => {
    let same = 0;
    for (const [i, a] of values.entries()) {
      for (const [j, b] of values.entries()) {
        const copy = i === j && typeof a === "object" ? structuredCopy(a) : b;
        if (agree((assert) => assert.deepEqual(a, copy), `deepEqual of ${i} and ${j}`)) same++;
        agree((assert) => assert.notDeepEqual(a, copy), `notDeepEqual of ${i} and ${j}`);
        agree((assert) => assert.equal(a, b), `equal of ${i} and ${j}`);
        agree((assert) => assert.notEqual(a, b), `notEqual of ${i} and ${j}`);
      }
      agree((assert) => assert.ok(a), `ok of ${i}`);
    }
    nodeAssert.equal(same, values.length);
  });

  test("of anything that is drawn", () => {
    // Maps and sets are told apart by their order, too, which is stricter.
    const any = fc.anything({ withTypedArray: true, withBigInt: true, withSparseArray: true, maxDepth: 3 });
    check(
      fc.property(any, any, (a, b) => {
        agree((assert) => assert.deepEqual(a, b), "two");
        agree((assert) => assert.deepEqual([a, b], [b, a]), "crossed");
      }),
      300,
    );
    check(
      fc.property(fc.clone(any, 2), ([a, b]) => {
        agree((assert) => assert.deepEqual(a, b), "a clone");
      }),
      300,
    );
  });

  test("errors are judged as Node does", async () => {
    const raise = (error: unknown) => (): never => {
      throw error;
    };
    const works = [
      () => 1,
      raise(new Error("lost")),
      raise(new TypeError("lost")),
      raise(new RangeError("no")),
    ];
    const wanted: readonly unknown[] = [
      ...[
        undefined,
        Error,
        TypeError,
        /lost/,
        /TypeError/,
        { message: "lost" },
        { message: /o/, name: "Error" },
      ],
      ...["a message", (error: Error) => error.message === "no", (error: Error) => error.message.length],
    ];
    for (const [i, work] of works.entries()) {
      for (const [k, want] of wanted.entries()) {
        agree((assert) => assert.throws(work, want as RegExp), `throws ${i} as ${k}`);
        const later = async (): Promise<unknown> => work();
        const verdicts = await Promise.all(
          [nodeAssert, pageAssert as unknown as typeof nodeAssert].map((assert) =>
            assert.rejects(later, want as RegExp).then(
              () => true,
              () => false,
            ),
          ),
        );
        nodeAssert.equal(verdicts[1], verdicts[0], `rejects ${i} as ${k}`);
      }
    }
  });

  test("texts", () => {
    agree((assert) => assert.match("abc", /b/), "match");
    agree((assert) => assert.match("abc", /x/), "no match");
    agree((assert) => assert.fail("it"), "fail");
  });
});

/** Another object that is the same. */
function structuredCopy(value: unknown): unknown {
  if (value instanceof Point) return new Point(value.x);
  if (value instanceof RegExp) return new RegExp(value.source);
  if (value instanceof TypeError) return new TypeError(value.message);
  return structuredClone(value);
}
