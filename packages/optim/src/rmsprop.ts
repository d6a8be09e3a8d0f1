import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";

/** What a group of {@link RMSprop} has. */
export interface RMSpropGroup extends GroupOptions {
  /** How slowly the average of the squares forgets. */
  alpha: number;
  /** Added to the denominator. */
  eps: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** How much of the last update goes into the next. */
  momentum: number;
  /** Whether to divide by an estimate of the standard deviation. */
  centered: boolean;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

/** Params: weightDecay, alpha, 1 - alpha, eps, -lr, momentum. */
const rule = updates((has): Update => {
  const [maximize, decay, centered, momentum] = [has(0), has(1), has(2), has(3)];
  const names = ["squareAvg"];
  const p = input(0);
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (decay) g = E.add(g, E.mul(param(0), p));
  const square = E.add(E.mul(input(2), param(1)), E.mul(E.mul(param(2), g), g));
  const state: Expr[] = [square];
  let spread: Expr = square;
  if (centered) {
    names.push("gradAvg");
    const average = E.add(E.mul(input(3), param(1)), E.mul(param(2), g));
    state.push(average);
    spread = E.sub(square, E.mul(average, average));
  }
  const denominator = E.add(E.sqrt(spread), param(3));
  let next = E.add(p, E.div(E.mul(param(4), g), denominator));
  if (momentum) {
    names.push("momentumBuffer");
    const buffer = E.add(E.mul(input(1 + names.length), param(5)), E.div(g, denominator));
    state.push(buffer);
    next = E.add(p, E.mul(param(4), buffer));
  }
  return { kernel: new MapKernel("rmsprop", 2 + names.length, 6, [next, ...state]), names };
});

const SIGNATURE =
  "RMSprop(params, lr = 1e-2, alpha: number = 0.99, eps = 1e-8, weightDecay = 0, momentum = 0, centered = false, *, maximize = false)";

/**
 * RMSprop: divides the gradient by the root of a running average of its square. Equal to PyTorch's
 * `torch.optim.RMSprop`.
 *
 * Source: Hinton, lecture 6e of "Neural Networks for Machine Learning"; centered: Graves, "Generating Sequences With
 * Recurrent Neural Networks" (2013), in the order of PyTorch 1.13's operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is negative.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.RMSprop([w], { lr: 0.01 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.9000, 1.9000])
 * ```
 */
export class RMSprop extends FusedOptimizer<RMSpropGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<RMSpropGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<RMSpropGroup>>(SIGNATURE, args);
    super(params, defaults);
  }

  protected override checkOptions({ lr, alpha, eps, weightDecay, momentum }: RMSpropGroup): void {
    for (const [name, value] of Object.entries({ lr, alpha, eps, weightDecay, momentum })) {
      checkRange(`${name} of RMSprop`, value);
    }
  }

  protected override numbers(): StateNumbers {
    return { step: "number" };
  }

  protected override stateNames(): readonly string[] {
    return ["squareAvg", "gradAvg", "momentumBuffer"];
  }

  protected override updateFor({
    maximize,
    weightDecay,
    centered,
    momentum,
  }: ParamGroup<RMSpropGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0, centered, momentum > 0));
  }

  protected override scalars(group: ParamGroup<RMSpropGroup>, state: ParamState, out: number[]): void {
    countStep(state);
    out[0] = group.weightDecay;
    out[1] = group.alpha;
    out[2] = 1 - group.alpha;
    out[3] = group.eps;
    out[4] = -group.lr;
    out[5] = group.momentum;
  }
}
