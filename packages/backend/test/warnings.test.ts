/** Warnings go to one handler, which can be exchanged and given back. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setWarningHandler, type WarningHandler, warn } from "@flambeau/backend";

describe("warnings", () => {
  let before: WarningHandler | null = null;
  beforeEach(() => {
    before = setWarningHandler(null);
  });
  afterEach(() => {
    setWarningHandler(before);
  });

  test("all go to the handler, in order and as often as they come", () => {
    const texts: string[] = [];
    setWarningHandler((text) => texts.push(text));
    for (const text of ["a", "b", "a"]) warn(text);
    assert.deepEqual(texts, ["a", "b", "a"]);
  });

  test("are dropped without one", () => {
    warn("nobody hears it");
    assert.equal(setWarningHandler(null), null);
  });

  test("the handler until now is given back, to be set again", () => {
    const texts: string[] = [];
    const first: WarningHandler = (text) => texts.push(`first ${text}`);
    const second: WarningHandler = (text) => texts.push(`second ${text}`);
    assert.equal(setWarningHandler(first), null);
    assert.equal(setWarningHandler(second), first);
    warn("a");
    assert.equal(setWarningHandler(first), second);
    warn("b");
    assert.deepEqual(texts, ["second a", "first b"]);
  });

  test("a handler that throws makes them errors, and stays", () => {
    setWarningHandler((text) => {
      throw new Error(text);
    });
    for (let i = 0; i < 2; i++) assert.throws(() => warn("no"), /^Error: no$/);
  });
});
