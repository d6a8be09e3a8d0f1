/** Indexed writes, scans, order and masks on devices that cannot be read at once. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { DeviceError, IndexError, ValueError } from "@flambeau/backend";
import { cummax, histc, scatterReduce, segmentReduce, tensor, uniqueConsecutive } from "flambeau";
import { casesByOp as maskedCases } from "../database/masked.ts";
import { casesByOp, particulars } from "../database/order.ts";
import { checkAll, type OpCase } from "../database/samples.ts";
import { devices, testOn } from "./devices.ts";

/** Of each function; the CPU has all of them. */
const MOST = 6;
/** How many results there are depends on the elements. */
const sizedByElements = ["argwhere", "unique_consecutive"];
const hasMask = (c: OpCase): boolean => c.op === "index_put" && c.tensors.some(([dtype]) => dtype === "bool");
const isOrdinary = (c: OpCase): boolean =>
  c.tensors.every(([dtype]) => ["float64", "int64", "bool"].includes(dtype)) &&
  c.outs.every(([dtype]) => ["float64", "int64", "bool"].includes(dtype));

for (const device of devices) {
  describe(`writes, order and masks on ${device.name}`, () => {
    for (const [op, list] of [...casesByOp, ...maskedCases]) {
      if (sizedByElements.includes(op)) continue;
      const some = list.filter((c) => isOrdinary(c) && !hasMask(c)).slice(0, MOST);
      testOn(device, op, () => checkAll(some, { dtype: "float32", device: device.name }, particulars));
    }

    testOn(device, "what is wrong with elements is said by the next read", async () => {
      const on = { device: device.name };
      const x = tensor([1, Number.NaN], on);
      await assert.rejects(histc(x, 3).data(), ValueError);
      await assert.rejects(segmentReduce(x, "sum", { lengths: tensor([1n], on) }).data(), ValueError);
      await assert.rejects(scatterReduce(x, 0, tensor([2n], on), tensor([1], on), "amax").data(), IndexError);
      assert.throws(() => uniqueConsecutive(x), DeviceError);
    });

    testOn(device, "what is written before counts, what is written after does not", async () => {
      const x = tensor([1, 2, 3], { device: device.name });
      x.mul_(-1);
      const { values } = cummax(x, 0);
      x.zero_();
      assert.deepEqual(await values.toArray(), [-1, -1, -1]);
    });
  });
}
