import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link Adagrad} has. */
export interface AdagradGroup extends GroupOptions {
  /** How fast the learning rate shrinks: divided by `1 + (step - 1) * lrDecay`. */
  lrDecay: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** What the sums of squares start from. */
  initialAccumulatorValue: number;
  /** Added to the denominator. */
  eps: number;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["sum"];

/** Params: weightDecay, eps, -lr of the step. */
const rule = updates((has): Update => {
  const [maximize, decay] = [has(0), has(1)];
  const p = input(0);
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (decay) g = E.add(g, E.mul(param(0), p));
  const sum = E.add(input(2), E.mul(g, g));
  const next = E.add(p, E.div(E.mul(param(2), g), E.add(E.sqrt(sum), param(1))));
  return { kernel: new MapKernel("adagrad", 3, 3, [next, sum]), names: NAMES };
});

const SIGNATURE =
  "Adagrad(params, lr = 1e-2, lrDecay = 0, weightDecay = 0, initialAccumulatorValue = 0, eps = 1e-10, *, maximize = false)";

/**
 * Adagrad: divides the gradient by the root of the sum of its squares so far. Equal to PyTorch's `torch.optim.Adagrad`.
 *
 * Source: Duchi et al., "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization" (2011), in the
 * order of PyTorch 1.13's operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is negative.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.Adagrad([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.9000, 1.9000])
 * ```
 */
export class Adagrad extends FusedOptimizer<AdagradGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<AdagradGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<AdagradGroup>>(SIGNATURE, args);
    super(params, defaults);
  }

  protected override checkOptions(group: AdagradGroup): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps } = group;
    for (const [name, value] of Object.entries({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps })) {
      checkRange(`${name} of Adagrad`, value);
    }
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override startValue(group: ParamGroup<AdagradGroup>): number {
    return group.initialAccumulatorValue;
  }

  protected override updateFor({ maximize, weightDecay }: ParamGroup<AdagradGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0));
  }

  protected override scalars(group: ParamGroup<AdagradGroup>, state: ParamState, out: number[]): void {
    const step = countStep(state);
    out[0] = group.weightDecay;
    out[1] = group.eps;
    out[2] = -group.lr / (1 + (step - 1) * group.lrDecay);
  }
}
