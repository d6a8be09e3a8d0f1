import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { GroupOptions, ParamGroup, Params } from "./group.ts";
import { withDefaults } from "./options.ts";
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

/** Options of {@link Adagrad}. */
export interface AdagradOptions {
  /** The learning rate. Default 1e-2. */
  readonly lr?: number;
  /** The learning rate of step t is `lr / (1 + (t - 1) * lrDecay)`. Default 0. */
  readonly lrDecay?: number;
  /** The L2 penalty. Default 0. */
  readonly weightDecay?: number;
  /** What the sums of squares start from. Default 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the denominator. Default 1e-10. */
  readonly eps?: number;
  /** Climb instead of descend. Default false. */
  readonly maximize?: boolean;
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
  constructor(params: Params<AdagradGroup>, options: AdagradOptions = {}) {
    const defaults = {
      lr: 1e-2,
      lrDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
      maximize: false,
    };
    super(params, withDefaults<AdagradGroup>(new.target.name, options, defaults));
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
