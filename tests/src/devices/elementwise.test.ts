/** Special and rarer elementwise functions on devices that cannot be read at once. */
import { describe } from "node:test";
import * as elementwise from "../database/elementwise-samples.ts";
import { checkAll } from "../database/samples.ts";
import * as special from "../database/special-samples.ts";
import { devices, testOn } from "./devices.ts";

/** Of each function; the CPU has all of them. */
const MOST = 4;

for (const device of devices) {
  for (const { casesByOp, particulars } of [special, elementwise]) {
    describe(`on ${device.name}`, () => {
      for (const [op, list] of casesByOp) {
        // Devices have no float64.
        if (op === "float_power") continue;
        const some = list.slice(0, MOST);
        testOn(device, op, () => checkAll(some, { dtype: "float32", device: device.name }, particulars));
      }
    });
  }
}
