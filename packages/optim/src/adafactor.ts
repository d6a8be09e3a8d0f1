import { epsilonOf, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, norm, type Tensor, zeros } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { ComposedOptimizer } from "./composed.ts";
import { countStep } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link Adafactor} has. */
export interface AdafactorGroup extends GroupOptions {
  /** The power with which new squares count less from step to step. */
  beta2Decay: number;
  /** The least of the squares (null: the dtype's rounding), and the least size that parameters are taken to have. */
  eps: readonly [number | null, number];
  /** The root mean square that an update is clipped to. */
  d: number;
  /** How much of the parameter decays in a step, times the learning rate. */
  weightDecay: number;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const SIGNATURE =
  "Adafactor(params, lr = 1e-2, beta2Decay: number = -0.8, eps?: array, d: number = 1, weightDecay = 0, *, maximize = false)";

/**
 * Adafactor: of the squares of a matrix's gradient it keeps the means of rows and columns only, and its steps are in proportion to
 * the size of the parameters. As PyTorch's `torch.optim.Adafactor` from 2.5 on.
 *
 * Source: Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost" (2018), with PyTorch's choices.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.Adafactor([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.8419, 1.8419])
 * ```
 */
export class Adafactor extends ComposedOptimizer<AdafactorGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<AdafactorGroup>>) {
    const { params, ...given } = bind<typeof SIGNATURE, Arguments<AdafactorGroup>>(SIGNATURE, args);
    super(params, { ...given, eps: given.eps ?? [null, 1e-3] });
  }

  protected override checkOptions({ lr, beta2Decay, eps, d, weightDecay }: AdafactorGroup): void {
    for (const [name, value] of Object.entries({ lr, weightDecay }))
      checkRange(`${name} of Adafactor`, value);
    if (!(beta2Decay <= 0))
      throw new ValueError(
        `invalid beta2Decay of Adafactor: expected a number up to 0, got ${quote(beta2Decay)}`,
      );
    if (!(d >= 1)) throw new ValueError(`invalid d of Adafactor: expected a number from 1, got ${quote(d)}`);
    if (eps.length !== 2)
      throw new ValueError(`invalid eps of Adafactor: expected two as in [null, 1e-3], got ${quote(eps)}`);
    checkRange("eps[0] of Adafactor", eps[0] ?? 0);
    checkRange("eps[1] of Adafactor", eps[1]);
  }

  protected override stateShapes({ shape }: Tensor): Readonly<Record<string, readonly number[]>> {
    if (shape.length < 2) return { variance: shape };
    return { rowVar: shape.with(-1, 1), colVar: shape.with(-2, 1) };
  }

  protected override update(
    group: ParamGroup<AdafactorGroup>,
    param: Tensor,
    gradient: Tensor,
    state: ParamState,
  ): void {
    const { lr, beta2Decay, eps, d, weightDecay, maximize } = group;
    const grad = maximize ? gradient.neg() : gradient;
    const { dtype, device } = param;
    for (const [name, shape] of Object.entries(this.stateShapes(param)))
      state[name] ??= zeros(shape, { dtype, device });
    const step = countStep(state);
    const least = eps[0] ?? epsilonOf(dtype);
    const size = norm(param.detach(), 2).div(Math.sqrt(param.numel()));
    const rate = size.clampMin(eps[1]).mul(Math.min(lr, 1 / Math.sqrt(step)));
    if (weightDecay !== 0) param.mul_(1 - lr * weightDecay);
    const squares = squaresOf(state, grad, step ** beta2Decay, least);
    const update = squares
      .clampMin(least * least)
      .rsqrt()
      .mul(grad);
    const excess = norm(update, 2).div(Math.sqrt(update.numel()) * d);
    param.sub_(update.mul(rate.div(excess.clampMin(1))));
  }
}

/** The means of the gradient's squares so far, of which this step's count `share`. */
function squaresOf(state: ParamState, grad: Tensor, share: number, least: number): Tensor {
  const squares = grad.square();
  const average = (name: string, now: Tensor): Tensor => {
    const so = state[name] as Tensor;
    return so.add_(now.sub(so).mul(share));
  };
  if (grad.ndim < 2) return average("variance", squares);
  const rows = average("rowVar", squares.mean(-1, true));
  const columns = average("colVar", squares.mean(-2, true));
  return rows.matmul(columns).div(rows.mean(-2, true).clampMin(least));
}
