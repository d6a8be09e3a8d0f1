import { describe, test } from "node:test";
import type { Windows } from "@flambeau/backend";
import { provideWindows } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { windowCases } from "../../cpu-backend/test/cases.ts";
import { skip } from "./adapter.ts";
import { bothDevices, empty, operand, PLAIN, plainNoise, same } from "./families.ts";

provideWindows();

describe("windows", { skip }, () => {
  test("unfold", async () => {
    await fc.assert(
      fc.asyncProperty(windowCases, async ({ planes, columns, windows, values, layouts: [lx, lo] }) => {
        const [x, out] = [operand("float32", planes, values, lx), empty("float32", columns, lo)];
        const twins = bothDevices([x, out], (device, [source, to]) => device.unfold(source, windows, to));
        await same(twins[1], out, JSON.stringify(windows));
      }),
      { numRuns: 120 },
    );
  });

  test("fold", async () => {
    await fc.assert(
      fc.asyncProperty(windowCases, async ({ planes, columns, windows, values, layouts: [lx, lo] }) => {
        const [x, out] = [operand("float32", columns, values, lx), empty("float32", planes, lo)];
        const twins = bothDevices([x, out], (device, [source, to]) => device.fold(source, windows, to));
        await same(twins[1], out, JSON.stringify(windows));
      }),
      { numRuns: 120 },
    );
  });

  test("maxPool, with nan and infinities", async () => {
    const special = fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1, 2);
    await fc.assert(
      fc.asyncProperty(windowCases, fc.array(special), async (c, more) => {
        const { planes, pooled, windows, values } = c;
        const x = operand("float32", planes, [...values, ...more], c.layouts[0]);
        const [out, found] = [empty("float32", pooled, c.layouts[1]), empty("int32", pooled, c.layouts[2])];
        const twins = bothDevices([x, out, found], (device, [source, to, at]) =>
          device.maxPool(source, windows, to, at),
        );
        await same(twins[1], out, JSON.stringify(windows));
        await same(twins[2], found, `places ${JSON.stringify(windows)}`);
      }),
      { numRuns: 150 },
    );
  });

  test("more than 65535 workgroups", async () => {
    const windows: Windows = { kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] };
    const [planes, columns] = [
      [8, 2, 180, 180],
      [8, 2, 3, 3, 180, 180],
    ];
    const [x, out] = [plainNoise(planes), empty("float32", columns, PLAIN)];
    const back = empty("float32", planes, PLAIN);
    const twins = bothDevices([x, out, back], (device, [source, to, again]) => {
      device.unfold(source, windows, to);
      device.fold(to, windows, again);
    });
    await same(twins[1], out, "unfold");
    await same(twins[2], back, "fold", { tolerance: 1e-6, scale: 9 });
  });
});
