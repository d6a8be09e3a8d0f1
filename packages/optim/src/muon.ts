import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, norm, type Tensor, zerosLike } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { ComposedOptimizer } from "./composed.ts";
import type { Arguments, GroupInit, GroupOptions, ParamGroup } from "./group.ts";
import type { ParamState } from "./state-dict.ts";

/** What a group of {@link Muon} has. */
export interface MuonGroup extends GroupOptions {
  /** How much of the parameter decays in a step, times the learning rate. */
  weightDecay: number;
  /** The decay of the moving average of the gradient, 0 to 1. */
  momentum: number;
  /** Whether to look one step ahead. */
  nesterov: boolean;
  /** The coefficients of the polynomial that brings singular values to 1. */
  nsCoefficients: readonly [number, number, number];
  /** The least norm that the average is divided by. */
  eps: number;
  /** How often the polynomial is applied. */
  nsSteps: number;
  /** How the learning rate follows from a matrix's shape. */
  adjustLrFn: "original" | "match_rms_adamw" | null;
}

const SIGNATURE =
  "Muon(params, lr = 1e-3, weightDecay = 0.1, momentum = 0.95, nesterov = true, nsCoefficients?: numbers, eps = 1e-7, nsSteps: int = 5, adjustLrFn?: 'original'|'match_rms_adamw'|'matchRmsAdamw')";

interface Types extends Omit<Arguments<MuonGroup>, "adjustLrFn"> {
  /** How the learning rate follows from a matrix's shape. */
  readonly adjustLrFn?: "original" | "match_rms_adamw" | "matchRmsAdamw" | null;
}

/**
 * Muon, for the matrices of hidden layers: momentum whose singular values are all brought near 1. As PyTorch's `torch.optim.Muon`
 * from 2.9 on, which computes the last part in bfloat16; here it is computed in the parameter's dtype.
 *
 * Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024).
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, or an option is out of range; ShapeError when
 *   a parameter is no matrix.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * const optimizer = new optim.Muon([w], { lr: 0.1, weightDecay: 0 });
 * w.square().sum().backward();
 * optimizer.step();
 * console.log(w.detach().lt(tensor([[1, 2], [3, 4]])).sum().itemSync());
 * // 3
 * ```
 */
export class Muon extends ComposedOptimizer<MuonGroup> {
  constructor(...args: Args<typeof SIGNATURE, Types>) {
    const { params, ...given } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
    const adjustLrFn = given.adjustLrFn === "matchRmsAdamw" ? "match_rms_adamw" : (given.adjustLrFn ?? null);
    const nsCoefficients = given.nsCoefficients ?? ([3.4445, -4.775, 2.0315] as const);
    super(params, { ...given, nsCoefficients, adjustLrFn });
  }

  protected override checkOptions({ lr, momentum, weightDecay, nsCoefficients, nsSteps }: MuonGroup): void {
    for (const [name, value] of Object.entries({ lr, momentum, weightDecay }))
      checkRange(`${name} of Muon`, value);
    if (!Array.isArray(nsCoefficients) || nsCoefficients.length !== 3) {
      throw new ValueError(
        `invalid nsCoefficients of Muon: expected three numbers, got ${quote(nsCoefficients)}`,
      );
    }
    if (!Number.isInteger(nsSteps) || nsSteps < 1 || nsSteps >= 100)
      throw new ValueError(
        `invalid nsSteps of Muon: expected an integer from 1 to 99, got ${quote(nsSteps)}`,
      );
  }

  override addParamGroup(group: GroupInit<MuonGroup>): void {
    const before = this.paramGroups.length;
    super.addParamGroup(group);
    const other = this.paramGroups[before].params.find(({ ndim }) => ndim !== 2);
    if (other === undefined) return;
    this.paramGroups.length = before;
    throw new ShapeError(`Muon is for matrices; a parameter has shape ${formatShape(other.shape)}`);
  }

  protected override stateShapes({ shape }: Tensor): Readonly<Record<string, readonly number[]>> {
    return { momentumBuffer: shape };
  }

  protected override update(
    group: ParamGroup<MuonGroup>,
    param: Tensor,
    grad: Tensor,
    state: ParamState,
  ): void {
    const { lr, momentum, nesterov, weightDecay } = group;
    state.momentumBuffer ??= zerosLike(param.detach());
    const average = state.momentumBuffer as Tensor;
    average.add_(grad.sub(average).mul(1 - momentum));
    const ahead = nesterov ? grad.add(average.sub(grad).mul(momentum)) : average;
    const update = orthogonalized(ahead, group);
    param.mul_(1 - lr * weightDecay).sub_(update.mul(lr * ratio(param.shape, group)));
  }
}

/** What the learning rate is multiplied by for a matrix. */
function ratio([rows, columns]: readonly number[], { adjustLrFn }: MuonGroup): number {
  if (adjustLrFn === "match_rms_adamw") return 0.2 * Math.sqrt(Math.max(rows, columns));
  return Math.sqrt(Math.max(1, rows / columns));
}

/** A matrix with its singular vectors, and singular values near 1: Newton and Schulz's iteration. */
function orthogonalized(matrix: Tensor, { nsCoefficients: [a, b, c], nsSteps, eps }: MuonGroup): Tensor {
  const tall = matrix.shape[0] > matrix.shape[1];
  let x = tall ? matrix.T : matrix;
  x = x.div(norm(x, 2).clampMin(eps));
  for (let i = 0; i < nsSteps; i++) {
    const gram = x.matmul(x.T);
    x = x.mul(a).add(gram.mul(b).add(gram.matmul(gram).mul(c)).matmul(x));
  }
  return tall ? x.T : x;
}
