/** Every sample's outputs and first and second derivatives, on every device, against the CPU's float64. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { layerCases } from "../layers/cases.ts";
import { moduleGradients } from "../layers/modules.ts";
import { inPlaceNames, writing } from "../samples/in-place.ts";
import { elementwiseCases, operands, type Sample, samples } from "../samples/index.ts";
import { devices, testOn } from "./devices.ts";
import { checkOn } from "./suite.ts";
import { toleranceOf, tolerances } from "./tolerance.ts";

const layers = Object.entries(layerCases).map(
  ([name, cases]): Sample => ({ name: `F.${name}`, cases, smooth: true }),
);
const modules = Object.entries(moduleGradients).map(
  ([name, cases]): Sample => ({ name: `nn.${name}`, cases: fc.constantFrom(...cases), smooth: true }),
);
const inPlace = inPlaceNames.flatMap((name) =>
  operands[name].map(
    (list): Sample => ({
      name: `${name}_`,
      cases: fc.oneof(
        elementwiseCases(writing(name, "tensor"), list),
        elementwiseCases(writing(name, "view"), list),
      ),
      smooth: true,
    }),
  ),
);
/** Calls that go through float64 themselves run where there is one. */
const onDevices = [...samples, ...inPlace, ...layers, ...modules].filter((sample) => !sample.float64);
const byName = new Map<string, Sample[]>();
for (const sample of onDevices) byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);

for (const device of devices.filter(({ draws }) => draws > 0)) {
  describe(`samples on ${device.name}`, () => {
    const started = performance.now();
    let done = 0;
    let cases = 0;
    for (const [name, list] of byName) {
      testOn(device, name, async () => {
        cases += await checkOn(device.name, list, device.draws, toleranceOf(name));
        done++;
      });
    }
    after(() => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        device.skip
          ? `counted: ${device.name}: ${byName.size} ops and functions skipped: ${device.skip}`
          : `counted: ${device.name}: ${done} ops and functions, ${onDevices.length} samples, ${cases} runs, ${seconds} s`,
      );
    });
  });
}

test("only what goes through float64 is left out on devices, and tolerances are those of samples", () => {
  const left = samples.filter((sample) => sample.float64).map((sample) => sample.name);
  assert.deepEqual([...new Set(left)].sort(), ["cast", "double", "typeAs"]);
  for (const name of Object.keys(tolerances)) assert.ok(byName.has(name), name);
});
