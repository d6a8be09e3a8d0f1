import {
  AutogradError,
  DeviceError,
  DTypeError,
  formatShape,
  type Shape,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { describeValue, onesLike, Tensor } from "@flambeau/tensor";

/** What a gradient has to fit: a tensor, or what is left of one. */
interface Like {
  readonly shape: Shape;
  readonly device: string;
}

/**
 * Makes sure that something is a gradient for a tensor.
 *
 * @throws DTypeError, ShapeError and DeviceError when it is no tensor or does not fit.
 */
export function checkGradient(what: string, like: Like, gradient: Tensor): void {
  if (!(gradient instanceof Tensor))
    throw new DTypeError(`${what}: a gradient is a tensor; got ${describeValue(gradient)}`);
  if (!sameShape(gradient.shape, like.shape)) {
    throw new ShapeError(
      `${what}: a gradient of shape ${formatShape(gradient.shape)} does not fit a tensor of shape ${formatShape(like.shape)}`,
    );
  }
  if (gradient.device !== like.device) {
    throw new DeviceError(`${what}: the gradient is on ${gradient.device} and its tensor on ${like.device}`);
  }
}

/** The gradient to start from: the given one, or 1 for a single element. */
export function startGradient(what: string, root: Tensor, gradient: Tensor | undefined): Tensor {
  if (gradient !== undefined && gradient !== null) {
    checkGradient(what, root, gradient);
    return gradient.to(root.dtype);
  }
  if (root.numel() !== 1) {
    throw new AutogradError(
      `${what}: only a tensor of one element has an implicit gradient of 1; this one has shape ${formatShape(root.shape)}, so give its gradient or reduce it first, with sum() or mean()`,
    );
  }
  return onesLike(root.detach());
}
