import { DeviceError, formatShape, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, norm, stack, Tensor, tensor } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { listOf, tensorOf } from "./group.ts";

interface Types {
  /** The parameters, or the only one. */
  readonly parameters: Iterable<Tensor> | Tensor;
}

/** @throws ValueError when there is anything but tensors: its gradients would be passed over. */
function gradsOf(what: string, parameters: Iterable<Tensor> | Tensor): Tensor[] {
  const all = tensorsOf(what, "parameters, as model.parameters() or [w, b]", parameters);
  return all.flatMap(({ grad }) => (grad !== null && grad.numel() > 0 ? [grad.detach()] : []));
}

/** @throws ValueError when there is anything but tensors. */
function tensorsOf(what: string, kind: string, given: Iterable<Tensor> | Tensor): Tensor[] {
  const expected = `${what} takes a collection of ${kind}`;
  const list = given instanceof Tensor ? [given] : [...listOf(given, expected)];
  return list.map((entry) => tensorOf(entry, `${expected}; it got`));
}

const NORM = "clipGradNorm_(parameters: parameters, maxNorm, normType = 2, errorIfNonfinite = false)";

/**
 * Scales all gradients in place by one factor, so that their norm, taken over all of them as if they were one vector,
 * is at most `maxNorm`. As `torch.nn.utils.clip_grad_norm_`.
 *
 * @returns the norm before, a 0-d tensor.
 * @throws ValueError when something is no tensor, `maxNorm` or `normType` is negative or nan, or, if asked for, the norm is not finite; no
 *   gradient has changed then. DeviceError when `errorIfNonfinite` is asked for on a device that cannot be read at once.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([3, 4], { requiresGrad: true });
 * w.square().sum().backward();
 * console.log(String(optim.clipGradNorm_([w], 1)), String(w.grad));
 * // tensor(10.) tensor([0.6000, 0.8000])
 * ```
 */
export const clipGradNorm_: Callable<typeof NORM, Tensor, Types> = callable<typeof NORM, Tensor, Types>(
  NORM,
  (parameters, maxNorm, normType, errorIfNonfinite) => {
    checkRange("maxNorm of clipGradNorm_", maxNorm);
    checkRange("normType of clipGradNorm_", normType);
    const grads = gradsOf("clipGradNorm_", parameters);
    if (grads.length === 0) return tensor(0);
    const total = normOf("clipGradNorm_", grads, normType, errorIfNonfinite);
    scale(grads, maxNorm, total);
    return total;
  },
);

/** The norm of tensors, as if they were one vector. */
function normOf(what: string, grads: readonly Tensor[], normType: number, errorIfNonfinite: boolean): Tensor {
  const { device } = grads[0];
  const norms = stack(grads.map((grad) => norm(grad, normType).to(device)));
  const total = norm(norms, normType);
  if (errorIfNonfinite && total.storage.backend.downloadSync === undefined) {
    throw new DeviceError(
      `${what}: errorIfNonfinite has to read the norm, which on ${total.device} takes waiting; leave it out and look at (await ${what}(...).item())`,
    );
  }
  if (errorIfNonfinite && !Number.isFinite(total.itemSync())) {
    throw new ValueError(`${what}: the norm of the gradients is ${total.itemSync()} and cannot be clipped`);
  }
  return total;
}

function scale(grads: readonly Tensor[], maxNorm: number, total: Tensor): void {
  const factor = total.add(1e-6).reciprocal().mul(maxNorm).clampMax(1);
  for (const grad of grads) grad.mul_(factor.to(grad.device));
}

const TOTAL = "getTotalNorm(tensors: parameters, normType = 2, errorIfNonfinite = false)";

interface Tensors {
  /** The tensors, as gradients, or the only one. */
  readonly tensors: Iterable<Tensor> | Tensor;
}

/**
 * The norm of tensors, taken over all of them as if they were one vector: what `clipGradNorm_` computes of gradients. As
 * `torch.nn.utils.get_total_norm`.
 *
 * @returns a 0-d tensor; 0 without tensors.
 * @throws ValueError when something is no tensor, `normType` is negative or nan, or, if asked for, the norm is not finite; DeviceError when
 *   `errorIfNonfinite` is asked for on a device that cannot be read at once.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.utils.getTotalNorm([tensor([3]), tensor([4])]).itemSync());
 * // 5
 * ```
 */
export const getTotalNorm: Callable<typeof TOTAL, Tensor, Tensors> = callable<typeof TOTAL, Tensor, Tensors>(
  TOTAL,
  (tensors, normType, errorIfNonfinite) => {
    checkRange("normType of getTotalNorm", normType);
    const list = tensorsOf("getTotalNorm", "tensors, as [p.grad, q.grad]", tensors);
    return list.length === 0 ? tensor(0) : normOf("getTotalNorm", list, normType, errorIfNonfinite);
  },
);

const WITH_NORM = "clipGradsWithNorm_(parameters: parameters, maxNorm, totalNorm: tensor)";

interface WithNorm extends Types {
  /** The norm of the gradients, of one element. */
  readonly totalNorm: Tensor;
}

/**
 * Scales all gradients in place as `clipGradNorm_` does for a norm that is there already: by `maxNorm / totalNorm`, where that is below 1. As
 * `torch.nn.utils.clip_grads_with_norm_`.
 *
 * @throws ValueError when something is no tensor or `maxNorm` is negative or nan; ShapeError when `totalNorm` has more than one element. No
 *   gradient has changed then.
 *
 * @example
 * ```ts
 * import { nn, type Tensor, tensor } from "flambeau";
 *
 * const w = tensor([3, 4], { requiresGrad: true });
 * w.square().sum().backward();
 * nn.utils.clipGradsWithNorm_([w], 1, nn.utils.getTotalNorm([w.grad as Tensor]));
 * console.log(String(w.grad));
 * // tensor([0.6000, 0.8000])
 * ```
 */
export const clipGradsWithNorm_: Callable<typeof WITH_NORM, void, WithNorm> = callable<
  typeof WITH_NORM,
  void,
  WithNorm
>(WITH_NORM, (parameters, maxNorm, totalNorm) => {
  checkRange("maxNorm of clipGradsWithNorm_", maxNorm);
  if (totalNorm.numel() !== 1)
    throw new ShapeError(
      `clipGradsWithNorm_: totalNorm has one element; got shape ${formatShape(totalNorm.shape)}`,
    );
  scale(gradsOf("clipGradsWithNorm_", parameters), maxNorm, totalNorm.detach().reshape([]));
});

const VALUE = "clipGradValue_(parameters: parameters, clipValue: number)";

/**
 * Limits every element of all gradients to the range from `-clipValue` to `clipValue`, in place. As
 * `torch.nn.utils.clip_grad_value_`.
 *
 * @throws ValueError when something is no tensor, or `clipValue` is negative or nan.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([1, 20], { requiresGrad: true });
 * w.square().sum().backward();
 * optim.clipGradValue_([w], 5);
 * console.log(w.grad);
 * // tensor([2., 5.])
 * ```
 */
export const clipGradValue_: Callable<typeof VALUE, void, Types> = callable<typeof VALUE, void, Types>(
  VALUE,
  (parameters, clipValue) => {
    checkRange("clipValue of clipGradValue_", clipValue);
    for (const grad of gradsOf("clipGradValue_", parameters)) grad.clampMin_(-clipValue).clampMax_(clipValue);
  },
);
