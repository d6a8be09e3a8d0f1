import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkBetas, checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link Adamax} has. */
export interface AdamaxGroup extends GroupOptions {
  /** How slowly the average of the gradient and its largest size forget. */
  betas: readonly [number, number];
  /** Added to the gradient's size. */
  eps: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["expAvg", "expInf"];

/** Params: weightDecay, beta1, 1 - beta1, beta2, eps, -lr over the bias correction. */
const rule = updates((has): Update => {
  const [maximize, decay] = [has(0), has(1)];
  const p = input(0);
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (decay) g = E.add(g, E.mul(param(0), p));
  const average = E.add(E.mul(input(2), param(1)), E.mul(param(2), g));
  const largest = E.max(E.mul(input(3), param(3)), E.add(E.abs(g), param(4)));
  const next = E.add(p, E.div(E.mul(param(5), average), largest));
  return { kernel: new MapKernel("adamax", 4, 6, [next, average, largest]), names: NAMES };
});

const SIGNATURE = "Adamax(params, lr = 2e-3, betas?, eps = 1e-8, weightDecay = 0, *, maximize = false)";

/**
 * Adamax: Adam with the gradient's largest size of late in place of its root mean square. Equal to PyTorch's
 * `torch.optim.Adamax`.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), section 7.1, in the order of PyTorch 1.13's
 * operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.Adamax([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.9000, 1.9000])
 * ```
 */
export class Adamax extends FusedOptimizer<AdamaxGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<AdamaxGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<AdamaxGroup>>(SIGNATURE, args);
    super(params, { ...defaults, betas: defaults.betas ?? [0.9, 0.999] });
  }

  protected override checkOptions({ lr, betas, eps, weightDecay }: AdamaxGroup): void {
    for (const [name, value] of Object.entries({ lr, eps, weightDecay }))
      checkRange(`${name} of Adamax`, value);
    checkBetas("betas of Adamax", betas);
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override updateFor({ maximize, weightDecay }: ParamGroup<AdamaxGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0));
  }

  protected override scalars(group: ParamGroup<AdamaxGroup>, state: ParamState, out: number[]): void {
    const [beta1, beta2] = group.betas;
    const step = countStep(state);
    out[0] = group.weightDecay;
    out[1] = beta1;
    out[2] = 1 - beta1;
    out[3] = beta2;
    out[4] = group.eps;
    out[5] = -group.lr / (1 - beta1 ** step);
  }
}
