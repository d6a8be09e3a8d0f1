/** Models whose weights are on a device that cannot be read at once become the files that they are on the CPU. */
import assert from "node:assert/strict";
import {
  Conv2d,
  Flatten,
  Linear,
  MaxPool2d,
  type Module,
  MultiheadAttention,
  ReLU,
  Sequential,
} from "@flambeau/nn";
import { exportOnnx } from "@flambeau/onnx";
import { manualSeed, type Tensor, zeros } from "@flambeau/tensor";
import { devices, testOn } from "./devices.ts";

class Attends extends Sequential {
  readonly attention = new MultiheadAttention(4, 2, { batchFirst: true });
  override forward(x: Tensor): Tensor {
    return this.attention(x, x, x)[0];
  }
}

const models: Readonly<Record<string, readonly [() => Module, readonly number[]]>> = {
  convolutions: [
    () => new Sequential(new Conv2d(1, 4, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(36, 2)),
    [2, 1, 8, 8],
  ],
  attention: [() => new Attends(), [2, 3, 4]],
};

for (const device of devices)
  for (const [name, [make, shape]] of Object.entries(models))
    testOn(device, `an ONNX file of ${name}`, async () => {
      const fileOf = (where: string): Promise<Uint8Array> => {
        manualSeed(0);
        const model = make().to(where);
        return exportOnnx(model, [zeros(shape, { device: where })], { dynamicAxes: [{ 0: "batch" }] });
      };
      assert.deepEqual(await fileOf(device.name), await fileOf("cpu"));
    });
