import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, type BoundNames, bind } from "@flambeau/tensor";
import { checkBetas, checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link Adam} or {@link AdamW} has. */
export interface AdamGroup extends GroupOptions {
  /** How slowly the averages of the gradient and of its square forget. */
  betas: readonly [number, number];
  /** Added to the denominator. */
  eps: number;
  /** Adam: the L2 penalty. AdamW: how much the parameter shrinks, times lr. */
  weightDecay: number;
  /** Whether to divide by the largest average square so far. */
  amsgrad: boolean;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["expAvg", "expAvgSq"];
const AMSGRAD_NAMES: readonly string[] = [...NAMES, "maxExpAvgSq"];

/**
 * Params: 0 the weight decay (Adam) or what it leaves of the parameter (AdamW), 1 beta1, 2 1 - beta1, 3 beta2,
 * 4 1 - beta2, 5 one over the root of the second bias correction (dividing by it would cost the kernel a fifth more), 6 eps,
 * 7 -lr over the first bias correction.
 */
const rule = updates((has): Update => {
  const [maximize, l2, shrink, amsgrad] = [has(0), has(1), has(2), has(3)];
  const p = shrink ? E.mul(input(0), param(0)) : input(0);
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (l2) g = E.add(g, E.mul(param(0), p));
  const average = E.add(E.mul(input(2), param(1)), E.mul(param(2), g));
  const square = E.add(E.mul(input(3), param(3)), E.mul(E.mul(param(4), g), g));
  const largest = amsgrad ? E.max(input(4), square) : square;
  const denominator = E.add(E.mul(E.sqrt(largest), param(5)), param(6));
  const next = E.add(p, E.div(E.mul(param(7), average), denominator));
  return amsgrad
    ? { kernel: new MapKernel("adam", 5, 8, [next, average, square, largest]), names: AMSGRAD_NAMES }
    : { kernel: new MapKernel("adam", 4, 8, [next, average, square]), names: NAMES };
});

const ADAM =
  "Adam(params, lr = 1e-3, betas?, eps = 1e-8, weightDecay = 0, amsgrad = false, *, maximize = false)";
const ADAMW =
  "AdamW(params, lr = 1e-3, betas?, eps = 1e-8, weightDecay = 1e-2, amsgrad = false, *, maximize = false)";

abstract class AdamFamily extends FusedOptimizer<AdamGroup> {
  constructor({ params, ...defaults }: BoundNames<typeof ADAM, Arguments<AdamGroup>>) {
    super(params, { ...defaults, betas: defaults.betas ?? [0.9, 0.999] });
  }

  /** The first param of the rule: see there. */
  protected abstract decay(group: ParamGroup<AdamGroup>): number;

  protected override checkOptions({ lr, betas, eps, weightDecay }: AdamGroup): void {
    const name = this.constructor.name;
    checkRange(`lr of ${name}`, lr);
    checkRange(`eps of ${name}`, eps);
    checkBetas(`betas of ${name}`, betas);
    checkRange(`weightDecay of ${name}`, weightDecay);
  }

  protected override stateNames(): readonly string[] {
    return AMSGRAD_NAMES;
  }

  protected override scalars(group: ParamGroup<AdamGroup>, state: ParamState, out: number[]): void {
    const [beta1, beta2] = group.betas;
    const step = countStep(state);
    out[0] = this.decay(group);
    out[1] = beta1;
    out[2] = 1 - beta1;
    out[3] = beta2;
    out[4] = 1 - beta2;
    out[5] = 1 / Math.sqrt(1 - beta2 ** step);
    out[6] = group.eps;
    out[7] = -group.lr / (1 - beta1 ** step);
  }
}

/**
 * Adam: steps along a running average of the gradient over the root of a running average of its square. Equal to
 * PyTorch's `torch.optim.Adam`.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), in the order of PyTorch 1.13's operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.Adam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(String(w.detach()));
 * // tensor([0.9000, 1.9000])
 * ```
 */
export class Adam extends AdamFamily {
  constructor(...args: Args<typeof ADAM, Arguments<AdamGroup>>) {
    super(bind<typeof ADAM, Arguments<AdamGroup>>(ADAM, args));
  }

  protected override updateFor({ maximize, weightDecay, amsgrad }: ParamGroup<AdamGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0, false, amsgrad));
  }

  protected override decay(group: ParamGroup<AdamGroup>): number {
    return group.weightDecay;
  }
}

/**
 * Adam with decoupled weight decay: the parameter itself shrinks by `lr * weightDecay` at each step. Equal to PyTorch's
 * `torch.optim.AdamW`.
 *
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), in the order of PyTorch 1.13's operations.
 *
 * @throws ValueError as {@link Adam}.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.AdamW([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.8990, 1.8980])
 * ```
 */
export class AdamW extends AdamFamily {
  constructor(...args: Args<typeof ADAMW, Arguments<AdamGroup>>) {
    super(bind<typeof ADAMW, Arguments<AdamGroup>>(ADAMW, args));
  }

  protected override updateFor({ maximize, weightDecay, amsgrad }: ParamGroup<AdamGroup>): Update {
    return rule(flags(maximize, false, weightDecay !== 0, amsgrad));
  }

  protected override decay(group: ParamGroup<AdamGroup>): number {
    return 1 - group.lr * group.weightDecay;
  }
}
