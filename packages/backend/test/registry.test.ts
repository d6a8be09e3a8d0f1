/** Devices by name. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import {
  type Backend,
  deviceNames,
  hasBackend,
  registerBackend,
  registeredBackend,
  unregisterBackend,
} from "@flambeau/backend";

const named = (name: string): Backend => ({ name }) as Backend;

describe("devices", () => {
  const before = deviceNames();
  afterEach(() => {
    for (const name of deviceNames()) if (!before.includes(name)) unregisterBackend(name);
  });

  test("are found by name once they are registered, in the order of that", () => {
    const [a, b] = [named("a"), named("b")];
    assert.equal(hasBackend("a"), false);
    registerBackend(b);
    registerBackend(a);
    assert.deepEqual(deviceNames(), [...before, "b", "a"]);
    assert.ok(hasBackend("a") && registeredBackend("a") === a && registeredBackend("b") === b);
  });

  test("of one name follow each other", () => {
    const [first, second] = [named("a"), named("a")];
    registerBackend(first);
    registerBackend(second);
    assert.equal(registeredBackend("a"), second);
    assert.deepEqual(deviceNames(), [...before, "a"]);
  });

  test("are gone when they are unregistered, once or twice", () => {
    registerBackend(named("a"));
    unregisterBackend("a");
    unregisterBackend("a");
    assert.equal(hasBackend("a"), false);
    assert.deepEqual(deviceNames(), before);
  });

  test("the list of names is a copy", () => {
    deviceNames().push("b");
    assert.deepEqual(deviceNames(), before);
  });

  test("that are not there are named, with those that are and the one that may be meant", () => {
    registerBackend(named("a"));
    const ready = [...before, "a"].join(", ");
    for (const [name, more] of [
      ["b", ""],
      ["toString", ""],
      ["cuda:1", '; did you mean "webgpu"?'],
      ["CPU", '; did you mean "cpu"?'],
    ]) {
      assert.throws(() => registeredBackend(name), {
        name: "DeviceError",
        message: `no device "${name}" is ready; ready are: ${ready}${more}`,
      });
    }
  });

  test("the GPU says how it is opened", () => {
    assert.throws(() => registeredBackend("webgpu"), {
      name: "DeviceError",
      message: /await .*webgpu\.init\(\)/,
    });
  });
});
