import { test } from "node:test";
import { manualSeed } from "flambeau";
import { type Cases, families } from "./cases/index.ts";
import { assertExports } from "./runtime.ts";

for (const [family, cases] of Object.entries(families as Record<string, Cases>))
  for (const [name, one] of Object.entries(cases))
    test(`${family}: ${name}`, { skip: one.missing ?? false }, async () => {
      manualSeed(0);
      const { run, inputs, open, options, tolerance } = one;
      const [first, second] = [inputs(4), inputs(3)];
      const dynamicAxes = first.map((_, i) => {
        const dim = open === undefined ? 0 : open[i];
        return dim === null || dim === undefined ? undefined : { [dim]: "n" };
      });
      await assertExports(run, [first, second], { dynamicAxes, ...options }, tolerance);
    });
