import { E, type Expr, input, MapKernel, param } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { checkBetas, checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";

/** What a group of {@link NAdam} has. */
export interface NAdamGroup extends GroupOptions {
  /** How slowly the averages of the gradient and of its square forget. */
  betas: readonly [number, number];
  /** Added to the denominator. */
  eps: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** How fast the momentum grows to the first beta. */
  momentumDecay: number;
  /** Whether the weights decay by themselves, as in AdamW, instead of by an addend to the gradient. */
  decoupledWeightDecay: boolean;
}

const NAMES: readonly string[] = ["expAvg", "expAvgSq"];

/** Params: weightDecay (or, decoupled, what it leaves of the parameter), beta1, 1 - beta1, beta2, 1 - beta2, the bias correction, eps, and what gradient and average count. */
const rule = updates((has): Update => {
  const [decay, decoupled] = [has(0), has(1)];
  const p = decay && decoupled ? E.mul(input(0), param(0)) : input(0);
  const g: Expr = decay && !decoupled ? E.add(input(1), E.mul(param(0), p)) : input(1);
  const average = E.add(E.mul(input(2), param(1)), E.mul(param(2), g));
  const square = E.add(E.mul(input(3), param(3)), E.mul(E.mul(param(4), g), g));
  const denominator = E.add(E.sqrt(E.div(square, param(5))), param(6));
  const first = E.add(p, E.div(E.mul(param(7), g), denominator));
  const next = E.add(first, E.div(E.mul(param(8), average), denominator));
  return { kernel: new MapKernel("nadam", 4, 9, [next, average, square]), names: NAMES };
});

const SIGNATURE =
  "NAdam(params, lr = 2e-3, betas?, eps = 1e-8, weightDecay = 0, momentumDecay = 4e-3, decoupledWeightDecay = false)";

/**
 * NAdam: Adam with Nesterov's momentum. Equal to PyTorch's `torch.optim.NAdam`.
 *
 * Source: Dozat, "Incorporating Nesterov Momentum into Adam" (2016), in the order of PyTorch 1.13's operations;
 * `decoupledWeightDecay` as PyTorch 2.0 adds it.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.NAdam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.8950, 1.8950])
 * ```
 */
export class NAdam extends FusedOptimizer<NAdamGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<NAdamGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<NAdamGroup>>(SIGNATURE, args);
    super(params, { ...defaults, betas: defaults.betas ?? [0.9, 0.999] });
  }

  protected override checkOptions({ lr, betas, eps, weightDecay, momentumDecay }: NAdamGroup): void {
    for (const [name, value] of Object.entries({ lr, eps, weightDecay, momentumDecay }))
      checkRange(`${name} of NAdam`, value);
    checkBetas("betas of NAdam", betas);
  }

  protected override laterOptions(): readonly string[] {
    return ["decoupledWeightDecay"];
  }

  protected override numbers(): StateNumbers {
    return { step: "tensor", muProduct: "tensor" };
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override checkState(param: Tensor, { muProduct, ...state }: ParamState, name: string): void {
    checkRange(`mu_product of ${name}`, muProduct);
    super.checkState(param, state, name);
  }

  protected override updateFor({ weightDecay, decoupledWeightDecay }: ParamGroup<NAdamGroup>): Update {
    return rule(flags(weightDecay !== 0, decoupledWeightDecay));
  }

  protected override scalars(group: ParamGroup<NAdamGroup>, state: ParamState, out: number[]): void {
    const [beta1, beta2] = group.betas;
    const step = countStep(state);
    const momentum = (at: number): number => beta1 * (1 - 0.5 * 0.96 ** (at * group.momentumDecay));
    const [mu, next] = [momentum(step), momentum(step + 1)];
    // PyTorch keeps the product of all momenta in single precision.
    const product = timesSingle(Number(state.muProduct ?? 1), mu);
    state.muProduct = product;
    out[0] = group.decoupledWeightDecay ? 1 - group.lr * group.weightDecay : group.weightDecay;
    out[1] = beta1;
    out[2] = 1 - beta1;
    out[3] = beta2;
    out[4] = 1 - beta2;
    out[5] = 1 - beta2 ** step;
    out[6] = group.eps;
    out[7] = (-group.lr * (1 - mu)) / (1 - product);
    out[8] = (-group.lr * next) / (1 - timesSingle(timesSingle(product, mu), next));
  }
}

function timesSingle(a: number, b: number): number {
  return Math.fround(a * Math.fround(b));
}
