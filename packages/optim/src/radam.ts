import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkBetas, checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link RAdam} has. */
export interface RAdamGroup extends GroupOptions {
  /** How slowly the averages of the gradient and of its square forget. */
  betas: readonly [number, number];
  /** Added to the denominator. */
  eps: number;
  /** The L2 penalty. */
  weightDecay: number;
}

const NAMES: readonly string[] = ["expAvg", "expAvgSq"];

/**
 * Params: weightDecay, beta1, 1 - beta1, beta2, 1 - beta2, eps, -lr over the first bias correction, and what the reciprocal of
 * the root is multiplied by; 0 while there is too little to divide by.
 */
const rule = updates((has): Update => {
  const p = input(0);
  const g: Expr = has(0) ? E.add(input(1), E.mul(param(0), p)) : input(1);
  const average = E.add(E.mul(input(2), param(1)), E.mul(param(2), g));
  const square = E.add(E.mul(input(3), param(3)), E.mul(E.mul(param(4), g), g));
  const adaptive = E.div(param(7), E.add(E.sqrt(square), param(5)));
  const step = E.mul(param(6), average);
  const next = E.add(p, E.select(E.gt(param(7), 0), E.mul(step, adaptive), step));
  return { kernel: new MapKernel("radam", 4, 8, [next, average, square]), names: NAMES };
});

const SIGNATURE = "RAdam(params, lr = 1e-3, betas?, eps = 1e-8, weightDecay = 0)";

/**
 * RAdam: Adam that waits with dividing until there is enough to average. Equal to PyTorch's `torch.optim.RAdam`.
 *
 * Source: Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond" (2020), as in PyTorch 1.13.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.RAdam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.8000, 1.6000])
 * ```
 */
export class RAdam extends FusedOptimizer<RAdamGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<RAdamGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<RAdamGroup>>(SIGNATURE, args);
    super(params, { ...defaults, betas: defaults.betas ?? [0.9, 0.999] });
  }

  protected override checkOptions({ lr, betas, eps, weightDecay }: RAdamGroup): void {
    for (const [name, value] of Object.entries({ lr, eps, weightDecay }))
      checkRange(`${name} of RAdam`, value);
    checkBetas("betas of RAdam", betas);
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override updateFor({ weightDecay }: ParamGroup<RAdamGroup>): Update {
    return rule(flags(weightDecay !== 0));
  }

  protected override scalars(group: ParamGroup<RAdamGroup>, state: ParamState, out: number[]): void {
    const [beta1, beta2] = group.betas;
    const step = countStep(state);
    const correction = 1 - beta2 ** step;
    // How many steps the average of squares is worth, in the long run and now.
    const longRun = 2 / (1 - beta2) - 1;
    const now = longRun - (2 * step * beta2 ** step) / correction;
    const variance = ((now - 4) * (now - 2) * longRun) / ((longRun - 4) * (longRun - 2) * now);
    out[0] = group.weightDecay;
    out[1] = beta1;
    out[2] = 1 - beta1;
    out[3] = beta2;
    out[4] = 1 - beta2;
    out[5] = group.eps;
    out[6] = -group.lr / (1 - beta1 ** step);
    out[7] = now > 5 ? Math.sqrt(correction) * Math.sqrt(variance) : 0;
  }
}
