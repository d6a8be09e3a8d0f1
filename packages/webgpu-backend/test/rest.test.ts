import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Rest } from "../src/runtime/rest.ts";

describe("waiting in Node", () => {
  /** A loop whose turns the test takes. */
  const loop = (): { rest: Rest; turns: (() => void)[] } => {
    const turns: (() => void)[] = [];
    return { rest: new Rest((callback) => turns.push(callback)), turns };
  };

  test("holds back one turn at a time, however many wait one after the other or together", async () => {
    const { rest, turns } = loop();
    for (let i = 0; i < 5; i++) await rest.during(Promise.resolve(i));
    await Promise.all([rest.during(Promise.resolve()), rest.during(Promise.resolve())]);
    assert.equal(turns.length, 1);
    turns.splice(0)[0]();
    assert.equal(turns.length, 0, "nobody waits any more");
  });

  test("goes on until the promise ends, and hands on what it gives or throws", async () => {
    const { rest, turns } = loop();
    let end = (_: number): void => {};
    const waiting = rest.during(
      new Promise<number>((resolve) => {
        end = resolve;
      }),
    );
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      turns.splice(0)[0]();
      assert.equal(turns.length, 1);
      assert.ok(performance.now() - start < 1000);
    }
    end(7);
    assert.equal(await waiting, 7);
    turns.splice(0)[0]();
    assert.equal(turns.length, 0);
    await assert.rejects(rest.during(Promise.reject(new Error("lost"))), /lost/);
  });
});
