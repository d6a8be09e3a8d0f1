/**
 * Every sample's gradients against finite differences: first order (all elements of small inputs), the recorded backward
 * pass against the compiled one, second order, each with broadcasting, other layouts, scalars and empty tensors.
 */
import { after, describe, test } from "node:test";
import { CpuBackend } from "@flambeau/cpu-backend";
import { registerBackend } from "@flambeau/tensor";
import fc from "fast-check";
import { check } from "../property.ts";
import { between, type Sample, samples } from "../samples/index.ts";
import { plain } from "../samples/sample.ts";
import { checkGradients } from "./check.ts";

const runs = 60;

/** A second device, so that moving between devices has a gradient to test on any machine. */
class Mirror extends CpuBackend {
  override readonly name: string = "mirror";
}
registerBackend(new Mirror());
const transfer: Sample = {
  name: "transfer",
  cases: plain(between(-2, 2), (x) => x.to("mirror").mul(2).to("cpu").mul(x)),
  smooth: true,
};

const byName = new Map<string, Sample[]>();
for (const sample of [...samples, transfer])
  byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);

let draws = 0;
const started = performance.now();

describe("gradients against finite differences", () => {
  for (const [name, list] of byName) {
    test(name, () => {
      for (const { cases, smooth, step } of list) {
        check(
          fc.property(cases, fc.nat(), (c, seed) => {
            draws++;
            checkGradients(c, seed, { smooth, step });
          }),
          runs,
        );
      }
    });
  }
  after(() => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `counted: cpu gradients: ${byName.size} ops and functions, ${samples.length + 1} samples, ${draws} draws, ${seconds} s`,
    );
  });
});
