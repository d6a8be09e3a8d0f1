import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Rest } from "../src/runtime/rest.ts";

describe("waiting in Node", () => {
  /** A loop whose turns the test takes. */
  const loop = (): { rest: Rest; turns: (() => void)[]; pauses: number[] } => {
    const turns: (() => void)[] = [];
    const pauses: number[] = [];
    const rest = new Rest(
      (callback) => turns.push(callback),
      (milliseconds) => pauses.push(milliseconds),
    );
    return { rest, turns, pauses };
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
    const { rest, turns, pauses } = loop();
    let end = (_: number): void => {};
    const waiting = rest.during(
      new Promise<number>((resolve) => {
        end = resolve;
      }),
    );
    turns.splice(0)[0]();
    const start = performance.now();
    while (performance.now() - start < 20);
    for (let i = 0; i < 3; i++) turns.splice(0)[0]();
    assert.equal(turns.length, 1);
    assert.ok(pauses.length >= 3 && pauses.every((pause) => pause > 0 && pause <= 1), `${pauses}`);
    assert.equal(pauses.at(-1), 1, "an eighth of 20 ms is more than the longest pause");
    end(7);
    assert.equal(await waiting, 7);
    turns.splice(0)[0]();
    assert.equal(turns.length, 0);
    await assert.rejects(rest.during(Promise.reject(new Error("lost"))), /lost/);
  });
});
