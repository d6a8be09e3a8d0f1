import { E, type Expr, input, MapKernel, param, quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link SGD} has. */
export interface SGDGroup extends GroupOptions {
  /** How much of the last update goes into the next. */
  momentum: number;
  /** How much of the gradient is kept out of the momentum. */
  dampening: number;
  /** The L2 penalty. */
  weightDecay: number;
  /** Whether to look ahead along the momentum. */
  nesterov: boolean;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["momentumBuffer"];

/** Params: -lr, weightDecay, momentum, the weight of the gradient in the momentum. */
const rule = updates((has): Update => {
  const [maximize, decay, momentum, nesterov] = [has(0), has(1), has(2), has(3)];
  const p = input(0);
  let g: Expr = maximize ? E.neg(input(1)) : input(1);
  if (decay) g = E.add(g, E.mul(param(1), p));
  if (!momentum) return { kernel: new MapKernel("sgd", 2, 4, [E.add(p, E.mul(param(0), g))]), names: [] };
  const buffer = E.add(E.mul(param(2), input(2)), E.mul(param(3), g));
  const direction = nesterov ? E.add(g, E.mul(param(2), buffer)) : buffer;
  return { kernel: new MapKernel("sgd", 3, 4, [E.add(p, E.mul(param(0), direction)), buffer]), names: NAMES };
});

const SIGNATURE =
  "SGD(params, lr?: number, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false, *, maximize = false)";

/**
 * Stochastic gradient descent, with momentum if wanted. Equal to PyTorch's `torch.optim.SGD`.
 *
 * `p -= lr * v`, where `v = momentum * v + (1 - dampening) * g` and starts as the first gradient; Nesterov's variant
 * steps along `g + momentum * v`.
 * Source: Sutskever et al., "On the importance of initialization and momentum in deep learning" (2013), in PyTorch's form.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, `lr` is missing, an option is
 *   negative, or `nesterov` comes without momentum or with dampening.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.SGD([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(String(w.detach()));
 * // tensor([0.8000, 1.6000])
 * ```
 */
export class SGD extends FusedOptimizer<SGDGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<SGDGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<SGDGroup>>(SIGNATURE, args);
    super(params, defaults as SGDGroup);
  }

  protected override checkOptions({ lr, momentum, dampening, weightDecay, nesterov }: SGDGroup): void {
    checkRange("lr of SGD", lr);
    checkRange("momentum of SGD", momentum);
    checkRange("weightDecay of SGD", weightDecay);
    checkRange("dampening of SGD", dampening, -Infinity);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError(
        `Nesterov momentum needs a momentum above 0 and no dampening; got momentum ${quote(momentum)}, dampening ${quote(dampening)}`,
      );
    }
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override updateFor({ maximize, weightDecay, momentum, nesterov }: ParamGroup<SGDGroup>): Update {
    return rule(flags(maximize, weightDecay !== 0, momentum !== 0, nesterov));
  }

  protected override scalars(group: ParamGroup<SGDGroup>, state: ParamState, out: number[]): void {
    out[0] = -group.lr;
    out[1] = group.weightDecay;
    out[2] = group.momentum;
    // A new buffer is zero, so that the whole first gradient makes it what PyTorch starts with.
    out[3] = state.momentumBuffer == null ? 1 : 1 - group.dampening;
    // PyTorch has an entry for it without momentum, too.
    state.momentumBuffer ??= null;
  }
}
