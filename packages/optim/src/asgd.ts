import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";

/** What a group of {@link ASGD} has. */
export interface ASGDGroup extends GroupOptions {
  /** How fast the parameters decay. */
  lambd: number;
  /** The power with which the learning rate falls. */
  alpha: number;
  /** From which step on the parameters are averaged. */
  t0: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["ax"];

/** Params: weightDecay, 1 - lambd * eta, -eta, mu. */
const rule = updates((has): Update => {
  const [maximize, decay] = [has(0), has(1)];
  const [p, average, mu] = [input(0), input(2), param(3)];
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (decay) g = E.add(g, E.mul(param(0), p));
  const next = E.add(E.mul(p, param(1)), E.mul(param(2), g));
  const moved = E.add(average, E.mul(E.sub(next, average), mu));
  // Until averaging begins the average is the parameter itself, without a rounding.
  const ax = E.select(E.eq(mu, 1), next, moved);
  return { kernel: new MapKernel("asgd", 3, 4, [next, ax]), names: NAMES };
});

const SIGNATURE =
  "ASGD(params, lr = 1e-2, lambd = 1e-4, alpha: number = 0.75, t0: number = 1e6, weightDecay = 0, *, maximize = false)";

/**
 * Averaged SGD: gradient descent with a falling learning rate, and the average of the parameters from step `t0` on, which the
 * state has as `ax`. Equal to PyTorch's `torch.optim.ASGD`.
 *
 * Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992), in the order of PyTorch 1.13's
 * operations, which keep learning rate and share of the average in single precision.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or `lr` or `weightDecay` is negative.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.ASGD([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.8000, 1.6000])
 * ```
 */
export class ASGD extends FusedOptimizer<ASGDGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<ASGDGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<ASGDGroup>>(SIGNATURE, args);
    super(params, defaults);
  }

  protected override checkOptions({ lr, weightDecay }: ASGDGroup): void {
    for (const [name, value] of Object.entries({ lr, weightDecay })) checkRange(`${name} of ASGD`, value);
  }

  protected override numbers(): StateNumbers {
    return { step: "tensor", eta: "tensor", mu: "tensor" };
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override checkState(param: Tensor, { eta, mu, ...state }: ParamState, name: string): void {
    checkRange(`eta of ${name}`, eta);
    checkRange(`mu of ${name}`, mu);
    super.checkState(param, state, name);
  }

  protected override updateFor({ maximize, weightDecay }: ParamGroup<ASGDGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0));
  }

  protected override scalars(group: ParamGroup<ASGDGroup>, state: ParamState, out: number[]): void {
    const { lr, lambd, alpha, t0, weightDecay } = group;
    const eta = (state.eta as number | undefined) ?? Math.fround(lr);
    out[0] = weightDecay;
    out[1] = 1 - lambd * eta;
    out[2] = -eta;
    out[3] = (state.mu as number | undefined) ?? 1;
    const step = countStep(state);
    state.eta = Math.fround(lr / (1 + lambd * lr * step) ** alpha);
    state.mu = Math.fround(1 / Math.max(1, step - t0));
  }
}
