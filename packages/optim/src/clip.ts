import { DeviceError, ValueError } from "@flambeau/backend";
import { type Callable, callable, norm, stack, Tensor, tensor } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { listOf, tensorOf } from "./group.ts";

interface Types {
  /** The parameters, or the only one. */
  readonly parameters: Iterable<Tensor> | Tensor;
}

/** @throws ValueError when there is anything but tensors: its gradients would be passed over. */
function gradsOf(what: string, parameters: Iterable<Tensor> | Tensor): Tensor[] {
  const expected = `${what} takes a collection of parameters, as model.parameters() or [w, b]`;
  const grads: Tensor[] = [];
  for (const entry of parameters instanceof Tensor ? [parameters] : listOf(parameters, expected)) {
    const { grad } = tensorOf(entry, `${expected}; it got`);
    if (grad !== null && grad.numel() > 0) grads.push(grad.detach());
  }
  return grads;
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
    const { device } = grads[0];
    const norms = stack(grads.map((grad) => norm(grad, normType).to(device)));
    const total = norm(norms, normType);
    if (errorIfNonfinite && total.storage.backend.downloadSync === undefined) {
      throw new DeviceError(
        `clipGradNorm_: errorIfNonfinite has to read the norm, which on ${total.device} takes waiting; leave it out and look at (await clipGradNorm_(...).item())`,
      );
    }
    if (errorIfNonfinite && !Number.isFinite(total.itemSync())) {
      throw new ValueError(
        `clipGradNorm_: the norm of the gradients is ${total.itemSync()} and cannot be clipped`,
      );
    }
    const factor = total.add(1e-6).reciprocal().mul(maxNorm).clampMax(1);
    for (const grad of grads) grad.mul_(factor.to(grad.device));
    return total;
  },
);

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
