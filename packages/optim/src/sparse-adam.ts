import { type Args, bind, type Tensor, where, zerosLike } from "@flambeau/tensor";
import { checkBetas, checkRange } from "./check.ts";
import { ComposedOptimizer } from "./composed.ts";
import { countStep } from "./fused.ts";
import type { Arguments, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";

/** What a group of {@link SparseAdam} has. */
export interface SparseAdamGroup extends GroupOptions {
  /** How slowly the averages of the gradient and of its square forget. */
  betas: readonly [number, number];
  /** Added to the denominator. */
  eps: number;
  /** Whether to climb instead of descend. */
  maximize: boolean;
}

const SIGNATURE = "SparseAdam(params, lr = 1e-3, betas?, eps = 1e-8, *, maximize = false)";

/**
 * Adam for embeddings: a step changes those rows of a parameter, and of its averages, whose gradient has an element that is not zero. The others
 * stay as they are, where {@link Adam} moves them on along their averages. As PyTorch's `torch.optim.SparseAdam`, which takes the rows that a sparse
 * gradient has; there are no sparse tensors here, and a row whose gradient is zero counts as one that it has not.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), in the order of PyTorch 1.13's operations.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range.
 *
 * @example
 * ```ts
 * import { F, optim, tensor } from "flambeau";
 *
 * const table = tensor([[1], [2], [3]], { requiresGrad: true });
 * const optimizer = new optim.SparseAdam([table], { lr: 0.5 });
 * for (const word of [0n, 2n]) {
 *   optimizer.zeroGrad();
 *   F.embedding(tensor([word]), table).sum().backward();
 *   optimizer.step();
 * }
 * console.log(String(table.detach().flatten()));
 * // tensor([0.5000, 2.0000, 2.6279])
 * ```
 */
export class SparseAdam extends ComposedOptimizer<SparseAdamGroup> {
  constructor(...args: Args<typeof SIGNATURE, Arguments<SparseAdamGroup>>) {
    const { params, ...defaults } = bind<typeof SIGNATURE, Arguments<SparseAdamGroup>>(SIGNATURE, args);
    super(params, { ...defaults, betas: defaults.betas ?? [0.9, 0.999] });
  }

  protected override checkOptions({ lr, betas, eps }: SparseAdamGroup): void {
    checkRange("lr of SparseAdam", lr);
    checkRange("eps of SparseAdam", eps);
    checkBetas("betas of SparseAdam", betas);
  }

  protected override numbers(): StateNumbers {
    return { step: "number" };
  }

  protected override stateShapes({ shape }: Tensor): Readonly<Record<string, readonly number[]>> {
    return { expAvg: shape, expAvgSq: shape };
  }

  protected override update(
    { lr, betas: [beta1, beta2], eps, maximize }: ParamGroup<SparseAdamGroup>,
    param: Tensor,
    grad: Tensor,
    state: ParamState,
  ): void {
    const step = countStep(state);
    state.expAvg ??= zerosLike(param.detach());
    state.expAvgSq ??= zerosLike(param.detach());
    const [average, square] = [state.expAvg as Tensor, state.expAvgSq as Tensor];
    const g = maximize ? grad.neg() : grad;
    const rows = rowsOf(grad);
    average.add_(where(rows, g.sub(average).mul(1 - beta1), 0));
    square.add_(
      where(
        rows,
        g
          .square()
          .sub(square)
          .mul(1 - beta2),
        0,
      ),
    );
    const rate = (lr * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    param.sub_(where(rows, average.div(square.sqrt().add(eps)).mul(rate), 0));
  }
}

/** Which rows of a gradient have an element that is not zero, in a shape that broadcasts to it. */
function rowsOf(grad: Tensor): Tensor {
  const some = grad.ne(0);
  if (grad.ndim < 2) return some;
  return some
    .flatten(1)
    .any(1)
    .reshape([grad.shape[0], ...grad.shape.slice(1).map(() => 1)]);
}
