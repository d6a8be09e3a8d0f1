import { E, type Expr, input, MapKernel, param, quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { countStep, FusedOptimizer, flags, type Update, updates } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link Rprop} has. */
export interface RpropGroup extends GroupOptions {
  /** What a step size is multiplied by where the gradient has changed its sign, and where it has kept it. */
  etas: readonly [number, number];
  /** The smallest and the largest step size. */
  stepSizes: readonly [number, number];
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const NAMES: readonly string[] = ["prev", "stepSize"];

/** Params: both etas, both bounds of the step size. */
const rule = updates((has): Update => {
  const g: Expr = has(0) ? E.neg(input(1)) : input(1);
  const product = E.mul(g, input(2));
  const turned = E.lt(product, 0);
  const factor = E.select(E.gt(product, 0), param(1), E.select(turned, param(0), 1));
  const size = E.min(E.max(E.mul(input(3), factor), param(2)), param(3));
  // Where the sign has changed the parameter waits for a step.
  const followed = E.select(turned, 0, g);
  const next = E.sub(input(0), E.mul(E.sign(followed), size));
  return { kernel: new MapKernel("rprop", 4, 4, [next, followed, size]), names: NAMES };
});

const SIGNATURE = "Rprop(params, lr = 1e-2, etas?: numbers, stepSizes?: numbers, *, maximize = false)";

/**
 * Resilient backpropagation: each element has a step size of its own, which grows while its gradient keeps its sign and shrinks
 * when it changes; how large the gradient is does not count. For gradients of all data at once. Equal to PyTorch's
 * `torch.optim.Rprop`.
 *
 * Source: Riedmiller and Braun, "A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm" (1993), in
 * the order of PyTorch 1.13's operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, `lr` is negative, or `etas` are not two numbers
 *   from above 0 to below 1 and above 1.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * const optimizer = new optim.Rprop([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach());
 * // tensor([0.9000, 1.9000])
 * ```
 */
export class Rprop extends FusedOptimizer<RpropGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<RpropGroup>>) {
    const { params, ...given } = bind<typeof SIGNATURE, Arguments<RpropGroup>>(SIGNATURE, args);
    super(params, { ...given, etas: given.etas ?? [0.5, 1.2], stepSizes: given.stepSizes ?? [1e-6, 50] });
  }

  protected override checkOptions({ lr, etas, stepSizes }: RpropGroup): void {
    checkRange("lr of Rprop", lr);
    if (!(Array.isArray(etas) && etas.length === 2 && 0 < etas[0] && etas[0] < 1 && 1 < etas[1])) {
      throw new ValueError(
        `invalid etas of Rprop: expected [below 1, above 1], as in [0.5, 1.2], got ${quote(etas)}`,
      );
    }
    if (!Array.isArray(stepSizes) || stepSizes.length !== 2) {
      throw new ValueError(
        `invalid stepSizes of Rprop: expected [least, most], as in [1e-6, 50], got ${quote(stepSizes)}`,
      );
    }
  }

  protected override stateNames(): readonly string[] {
    return NAMES;
  }

  protected override startValue({ lr }: ParamGroup<RpropGroup>, name: string): number {
    return name === "stepSize" ? lr : 0;
  }

  protected override updateFor({ maximize }: ParamGroup<RpropGroup>): Update {
    return rule(flags(maximize));
  }

  protected override scalars(group: ParamGroup<RpropGroup>, state: ParamState, out: number[]): void {
    countStep(state);
    [out[0], out[1]] = group.etas;
    [out[2], out[3]] = group.stepSizes;
  }
}
