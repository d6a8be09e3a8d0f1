/** Shapes, products with an addend and the real halves of complex functions on devices that cannot be read at once. */
import { describe } from "node:test";
import { checkAll } from "../database/samples.ts";
import { casesByOp, particulars } from "../database/shapes.ts";
import { devices, testOn } from "./devices.ts";

/** Of each function; the CPU has all of them. */
const MOST = 5;

for (const device of devices) {
  describe(`shapes and products on ${device.name}`, () => {
    for (const [op, list] of casesByOp) {
      // float64 is of no such device, and where pieces end is read.
      const some = list.filter(({ op: name, kwargs, args, tensors }) => {
        const isRead = name === "tensor_split" && typeof args[1] === "object" && "t" in (args[1] as object);
        return kwargs.dtype === undefined && tensors.length > 0 && !isRead;
      });
      if (some.length === 0) continue;
      testOn(device, op, () =>
        checkAll(some.slice(0, MOST), { dtype: "float32", device: device.name }, particulars),
      );
    }
  });
}
