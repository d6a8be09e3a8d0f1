/**
 * Every sample's forward derivative: against finite differences, against the gradient (its transpose), with a graph and without one,
 * and differentiated once more.
 */
import { after, describe, test } from "node:test";
import { jvp, noGrad } from "@flambeau/autograd";
import { CpuBackend } from "@flambeau/cpu-backend";
import { registerBackend, Tensor, tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { check } from "../property.ts";
import { inPlaceNames, Unsuitable, writing } from "../samples/in-place.ts";
import {
  between,
  type Case,
  elementwiseCases,
  inputOf,
  leafShape,
  operands,
  type Sample,
  samples,
} from "../samples/index.ts";
import { plain } from "../samples/sample.ts";
import {
  type CheckOptions,
  compare,
  derivativesOf,
  eighths,
  gradientsOf,
  moved,
  numbers,
  Probe,
  step,
  tolerance,
} from "./check.ts";

const runs = 30;
const rounding = 1e-9;

class Mirror extends CpuBackend {
  override readonly name: string = "mirror";
}
registerBackend(new Mirror());
const transfer: Sample = {
  name: "transfer",
  cases: plain(between(-2, 2), (x) => x.to("mirror").mul(2).to("cpu").mul(x)),
  smooth: true,
};

/** Checks the forward derivative of one case; `seed` chooses the directions and the weights of the outputs. */
function checkTangents(c: Case, seed: number, options: CheckOptions): void {
  const h = options.step ?? step;
  const draw = eighths(seed);
  const probe = new Probe(c);
  const at = c.inputs.map((input) => input.values);
  const directions = at.map((list) => list.map(draw));
  const { leaves, outputs } = probe.run(at, true);
  const floats = outputs.map((y) => y.isFloatingPoint());
  const call = (...xs: Tensor[]): Tensor[] => {
    const made = c.call(...xs.map((x, k) => inputOf(c.inputs[k], x)));
    return [made].flat().filter((y): y is Tensor => y instanceof Tensor && y.isFloatingPoint());
  };
  const u = directions.map((list, k) => tensor(Float64Array.from(list)).reshape(leafShape(c.inputs[k])));
  const plainLeaves = leaves.map((x) => x.detach());

  const [values, tangents] = noGrad(() => jvp(call, plainLeaves, u));
  const flat = tangents.flatMap((t) => [...numbers(t)]);
  compare(
    "the output",
    c,
    values.flatMap((y) => [...numbers(y)]),
    outputs.filter((_, i) => floats[i]).flatMap((y) => [...numbers(y)]),
    rounding,
  );
  for (const t of [...values, ...tangents])
    if (t.requiresGrad) throw new Error("a result requires a gradient, and nothing it depends on does");
  const above = probe.values(moved(at, directions, h));
  const below = probe.values(moved(at, directions, -h));
  const count = at.reduce((n, list) => n + list.length, 0);
  if (floats.every(Boolean))
    compare(
      "the tangent",
      c,
      flat,
      above.map((v, i) => (v - below[i]) / (2 * h)),
      tolerance * Math.sqrt(Math.max(count, 1)),
    );

  // <w, J u> is <transpose(J) w, u>.
  const weights = outputs.map((y) => tensor(Float64Array.from({ length: y.numel() }, draw)).reshape(y.shape));
  const first = gradientsOf(outputs, leaves, weights);
  const forward = tangents.reduce((sum, t, i) => {
    const w = numbers(weights.filter((_, k) => floats[k])[i]);
    return sum + numbers(t).reduce((s, v, j) => s + v * w[j], 0);
  }, 0);
  const reverse = first.reduce(
    (sum, g, k) => sum + numbers(g).reduce((s, v, i) => s + v * directions[k][i], 0),
    0,
  );
  compare("the product with the outputs' weights", c, [forward], [reverse], 1e-7);

  // With a graph: the same, and its gradient is the Hessian's product with u, as that of the gradient's product with it.
  const [, recorded] = jvp(call, leaves, u);
  compare(
    "the recorded tangent",
    c,
    recorded.flatMap((t) => [...numbers(t)]),
    flat,
    1e-7,
  );
  if (options.smooth === false) return;
  const weighted = outputs.map((_, i) => i).filter((i) => floats[i]);
  const got = derivativesOf(
    recorded,
    weighted.map((i) => weights[i]),
    leaves,
  );
  const wanted = derivativesOf(gradientsOf(outputs, leaves, weights, true), u, leaves);
  got.forEach((g, k) => {
    compare(`the derivative of the tangent by input ${k}`, c, numbers(g), numbers(wanted[k]), 1e-6);
  });
}

const byName = new Map<string, Sample[]>();
for (const sample of [...samples, transfer])
  byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);
let draws = 0;

describe("tangents against finite differences and gradients", () => {
  for (const [name, list] of byName) {
    test(name, () => {
      for (const { cases, smooth, step: width } of list) {
        check(
          fc.property(cases, fc.nat(), (c, seed) => {
            draws++;
            checkTangents(c, seed, { smooth, step: width });
          }),
          runs,
        );
      }
    });
  }
  after(() => console.log(`counted: cpu tangents: ${byName.size} ops and functions, ${draws} draws`));
});

describe("tangents of writes in place", () => {
  for (const name of inPlaceNames) {
    for (const where of ["tensor", "view"] as const) {
      test(`${name}_ on a ${where}`, () => {
        for (const list of operands[name]) {
          check(
            fc.property(elementwiseCases(writing(name, where), list), fc.nat(), (c, seed) => {
              try {
                checkTangents(c, seed, {});
              } catch (error) {
                if (!(error instanceof Unsuitable)) throw error;
              }
            }),
            8,
          );
        }
      });
    }
  }
});
