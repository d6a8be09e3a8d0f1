import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { Tensor } from "@flambeau/tensor";
import { computing } from "../samples/index.ts";
import { devices, testOn } from "./devices.ts";
import { Inputs, plain } from "./plain.ts";

/** The bits of numbers, so that -0 is not 0; there is one nan. */
const exactly = (list: ArrayLike<number | bigint>): string[] =>
  Array.from(list, (x) => (Object.is(x, -0) ? "-0" : String(x)));
const told = (x: Tensor): unknown[] => [x.dtype, x.shape];

for (const device of devices) {
  describe(`plain calls on ${device.name}`, () => {
    let calls = 0;
    for (const [name, list] of Object.entries(plain)) {
      testOn(device, name, async () => {
        const wanted = list.map((call) => call(new Inputs("cpu")));
        const got = list.map((call) => call(new Inputs(device.name)));
        const elements = await Promise.all(got.map((x) => x.data()));
        for (const [i, x] of wanted.entries()) {
          const what = list[i].toString();
          assert.equal(got[i].device, device.name, what);
          assert.deepEqual(told(got[i]), told(x), what);
          assert.deepEqual(exactly(elements[i]), exactly(x.dataSync()), what);
          calls++;
        }
      });
    }
    after(() => console.log(`counted: ${device.name}: ${calls} plain calls compared`));
  });
}

test("everything that computes and has no gradient is called", () => {
  assert.deepEqual(
    computing.filter((name) => !Object.hasOwn(plain, name)),
    [],
  );
});
