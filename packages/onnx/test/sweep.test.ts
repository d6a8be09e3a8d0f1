import { test } from "node:test";
import { manualSeed } from "flambeau";
import { families } from "./cases/index.ts";
import { assertExports } from "./runtime.ts";

const OPSETS = [17, 23];

for (const [family, cases] of Object.entries(families))
  for (const [name, { run, inputs, open, options, tolerance }] of Object.entries(cases))
    test(`${family}: ${name}`, async () => {
      const [first, second] = [inputs(4), inputs(3)];
      const dynamicAxes = first.map((_, i) => {
        const dim = open === undefined ? 0 : open[i];
        return dim === null || dim === undefined ? undefined : { [dim]: "n" };
      });
      for (const opset of OPSETS) {
        manualSeed(0);
        if (opset >= (options?.opset ?? 0))
          await assertExports(run, [first, second], { dynamicAxes, opset, ...options }, tolerance);
      }
    });
