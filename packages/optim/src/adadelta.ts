import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";

/** What a group of {@link Adadelta} has. */
export interface AdadeltaGroup extends GroupOptions {
  /** How slowly the averages of squares forget. */
  rho: number;
  /** Added under the roots. */
  eps: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["squareAvg", "accDelta"];

/** Params: weightDecay, rho, 1 - rho, eps, -lr. */
const rule = updates((has): Update => {
  const [maximize, decay] = [has(0), has(1)];
  const p = input(0);
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (decay) g = E.add(g, E.mul(param(0), p));
  const average = (before: Expr, x: Expr): Expr =>
    E.add(E.mul(before, param(1)), E.mul(E.mul(param(2), x), x));
  const square = average(input(2), g);
  const root = (x: Expr): Expr => E.sqrt(E.add(x, param(3)));
  const delta = E.mul(E.div(root(input(3)), root(square)), g);
  const next = E.add(p, E.mul(param(4), delta));
  return { kernel: new MapKernel("adadelta", 4, 5, [next, square, average(input(3), delta)]), names: NAMES };
});

const SIGNATURE = "Adadelta(params, lr = 1, rho = 0.9, eps = 1e-6, weightDecay = 0, *, maximize = false)";

/**
 * Adadelta: steps as long as the steps before, in units of the gradient. Equal to PyTorch's `torch.optim.Adadelta`.
 *
 * Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012), in the order of PyTorch 1.13's operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.Adadelta([w]);
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.9968, 1.9968])
 * ```
 */
export class Adadelta extends FusedOptimizer<AdadeltaGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<AdadeltaGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<AdadeltaGroup>>(SIGNATURE, args);
    super(params, defaults);
  }

  protected override checkOptions({ lr, rho, eps, weightDecay }: AdadeltaGroup): void {
    for (const [name, value] of Object.entries({ lr, eps, weightDecay }))
      checkRange(`${name} of Adadelta`, value);
    if (rho !== 1) checkRange("rho of Adadelta", rho, 0, 1);
  }

  protected override numbers(): StateNumbers {
    return { step: "number" };
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override updateFor({ maximize, weightDecay }: ParamGroup<AdadeltaGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0));
  }

  protected override scalars(group: ParamGroup<AdadeltaGroup>, state: ParamState, out: number[]): void {
    countStep(state);
    out[0] = group.weightDecay;
    out[1] = group.rho;
    out[2] = 1 - group.rho;
    out[3] = group.eps;
    out[4] = -group.lr;
  }
}
