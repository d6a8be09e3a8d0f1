import { numel, type Shape } from "@flambeau/backend";
import { rand, type Tensor } from "@flambeau/tensor";
import { onHost } from "../host.ts";
import type { Round } from "./gamma-values.ts";
import { streamFor } from "./stream.ts";

/**
 * Samples of von Mises distributions by rejection: each round draws three uniform numbers for every element, whether it is still wanted
 * or not, until all have been accepted.
 *
 * Source: Best and Fisher, "Efficient simulation of the von Mises distribution" (1979), in the order of PyTorch 1.13's draws.
 */
export function sampleVonMises(loc: Tensor, concentration: Tensor, shape: Shape): Tensor {
  const count = numel(shape);
  const stream = streamFor(loc);
  const { dtype } = loc;
  const round: Round = dtype === "float64" ? (x) => x : Math.fround;
  const inputs = [loc.expand(shape), concentration.expand(shape)];
  return onHost(inputs, shape, ([centers, kappas], out) => {
    const proposals = Float64Array.from({ length: count }, (_, i) => proposal(kappas[i], round));
    const isDone = new Uint8Array(count);
    for (let left = count; left > 0; ) {
      const u = rand([3, count], { dtype, generator: stream }).dataSync();
      for (let i = 0; i < count; i++) {
        const kappa = kappas[i];
        const r = proposals[i];
        const z = round(Math.cos(round(round(Math.PI) * u[i])));
        const f = round(round(1 + round(r * z)) / round(r + z));
        const c = round(kappa * round(r - f));
        const second = u[count + i];
        const inside = round(round(c * round(2 - c)) - second) > 0;
        if (!inside && round(round(round(Math.log(round(c / second))) + 1) - c) < 0) continue;
        // A later round overwrites what an earlier one has accepted, as there.
        out[i] = Math.sign(u[2 * count + i] - 0.5) * round(Math.acos(f));
        if (isDone[i] === 0) left--;
        isDone[i] = 1;
      }
    }
    const turn = round(2 * Math.PI);
    for (let i = 0; i < count; i++) {
      const angle = round(round(out[i] + Math.PI) + centers[i]);
      out[i] = round(angle - turn * Math.floor(angle / turn)) - Math.PI;
    }
  });
}

/** The parameter of the wrapped Cauchy distribution that proposals follow. */
function proposal(kappa: number, round: Round): number {
  const tau = round(1 + round(Math.sqrt(round(1 + round(4 * round(kappa * kappa))))));
  const rho = round(round(tau - round(Math.sqrt(2 * tau))) / (2 * kappa));
  return round(round(1 + round(rho * rho)) / (2 * rho));
}
