/** The product of two square matrices. */
import { noise } from "../noise.ts";
import * as flambeau from "../peers/flambeau.ts";
import * as jax from "../peers/jax.ts";
import * as tfjs from "../peers/tfjs.ts";
import type { Work } from "../work.ts";

/** `left`: see `flambeau.operation`. */
function matmul(n: number, left = false): Work {
  return {
    id: `${left ? "left-" : ""}matmul/${n}`,
    title: `matmul ${n}${left ? ", left to the garbage collector" : ""}`,
    quick: !left && (n === 64 || n === 512),
    gpu: !left && n <= 512,
    flop: 2 * n ** 3,
    ...(left ? {} : { growth: { panel: "matmul", curve: "matmul", size: n } as const }),
    inputs: () => ({ a: noise(1, [n, n]), b: noise(2, [n, n]) }),
    flambeau: (api, inputs) => {
      const a = flambeau.load(api, inputs.a);
      const b = flambeau.load(api, inputs.b);
      return flambeau.operation(() => a.matmul(b), left);
    },
    jax: (api, inputs) =>
      jax.operation(api, api.jax.numpy.matmul, [jax.load(api, inputs.a), jax.load(api, inputs.b)]),
    tfjs: (api, inputs) => {
      const a = tfjs.load(api, inputs.a);
      const b = tfjs.load(api, inputs.b);
      return tfjs.operation(() => api.matMul(a, b));
    },
    torch: { file: "matmul", arguments: {} },
  };
}

export const works: readonly Work[] = [
  ...[64, 128, 256, 512, 1024, 2048].map((n) => matmul(n)),
  matmul(512, true),
];
