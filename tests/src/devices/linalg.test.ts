/** Linear algebra on devices that cannot be read at once: it goes to the CPU and back, in the order of everything else. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { DeviceError } from "@flambeau/backend";
import { eye, linalg, tensor, zeros } from "flambeau";
import { checkAll } from "../database/samples.ts";
import { casesByOp, particulars } from "../linalg/samples.ts";
import { devices, testOn } from "./devices.ts";

/** Of each function; the CPU has all of them. */
const MOST = 5;

for (const device of devices) {
  describe(`linear algebra on ${device.name}`, () => {
    for (const [op, list] of casesByOp) {
      // Tolerances that are tensors of float64 are of no such device.
      const some = list.filter((c) => !JSON.stringify(c.kwargs).includes('"t"')).slice(0, MOST);
      testOn(device, op, () => checkAll(some, { dtype: "float32", device: device.name }, particulars));
    }

    testOn(device, "what is wrong with a matrix is said by the next read", async () => {
      const singular = zeros([2, 2], { device: device.name });
      await assert.rejects(linalg.inv(singular).data(), linalg.LinAlgError);
      await assert.rejects(linalg.cholesky(singular).data(), linalg.LinAlgError);
      assert.deepEqual(await linalg.invEx(singular).info.toArray(), 1);
      assert.throws(() => linalg.solve(singular, eye(2)), DeviceError);
    });

    testOn(device, "what is written before counts, what is written after does not", async () => {
      const x = tensor(
        [
          [1, 0],
          [0, 2],
        ],
        { device: device.name },
      );
      x.mul_(2);
      const inverse = linalg.inv(x);
      x.zero_();
      assert.deepEqual(await inverse.toArray(), [
        [0.5, 0],
        [0, 0.25],
      ]);
    });
  });
}
