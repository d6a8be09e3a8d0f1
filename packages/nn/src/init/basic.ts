import { noGrad } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { eye, type Tensor, tensor } from "@flambeau/tensor";

/** Overwrites the tensor with uniform numbers in [a, b). */
export function uniform_(x: Tensor, a = 0, b = 1): Tensor {
  return noGrad(() => x.uniform_(a, b));
}

/** Overwrites the tensor with normal numbers. */
export function normal_(x: Tensor, mean = 0, std = 1): Tensor {
  return noGrad(() => x.normal_(mean, std));
}

/**
 * Overwrites the tensor with normal numbers none of which lies outside [a, b].
 * Source of the method: J. Burkardt, "The Truncated Normal Distribution", by way of PyTorch 1.13, torch/nn/init.py.
 */
export function truncNormal_(x: Tensor, mean = 0, std = 1, a = -2, b = 2): Tensor {
  const cdf = (z: number): number =>
    (1 +
      tensor(z / Math.SQRT2, { dtype: "float64" })
        .erf()
        .itemSync()) /
    2;
  const low = cdf((a - mean) / std);
  const high = cdf((b - mean) / std);
  return noGrad(() =>
    x
      .uniform_(2 * low - 1, 2 * high - 1)
      .erfinv_()
      .mul_(std * Math.SQRT2)
      .add_(mean)
      .clamp_(a, b),
  );
}

/** Overwrites the tensor with one value. */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value));
}

/** Overwrites the tensor with ones. */
export function ones_(x: Tensor): Tensor {
  return constant_(x, 1);
}

/** Overwrites the tensor with zeros. */
export function zeros_(x: Tensor): Tensor {
  return constant_(x, 0);
}

/**
 * Overwrites a matrix with the identity.
 *
 * @throws ShapeError when it is no matrix.
 */
export function eye_(x: Tensor): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`eye_ takes a matrix; got shape ${formatShape(x.shape)}`);
  return noGrad(() => x.copy_(eye(x.shape[0], x.shape[1], { dtype: x.dtype, device: x.device })));
}
