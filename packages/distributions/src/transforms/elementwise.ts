/** Transforms of each element by itself, without parameters. */
import { softplus, type Tensor } from "@flambeau/tensor";
import * as constraints from "../constraints/index.ts";
import { limitsOf } from "../float-limits.ts";
import { Transform } from "./transform.ts";

/** `log(1 + exp(x))`. */
export function softplusOf(x: Tensor): Tensor {
  return softplus(x, 1, 20);
}

/** The logistic function, never 0 nor 1. */
export function clippedSigmoid(x: Tensor): Tensor {
  const { tiny, eps } = limitsOf(x.dtype);
  return x.sigmoid().clamp(tiny, 1 - eps);
}

/** A rising function of each number. */
abstract class Rising extends Transform {
  override get domain(): constraints.Constraint {
    return constraints.real;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): number {
    return 1;
  }
  override equals(other: Transform): boolean {
    return other.constructor === this.constructor;
  }
}

/**
 * `y = exp(x)`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.ExpTransform().call(tensor([0, 1]))));
 * // tensor([1.0000, 2.7183])
 * ```
 */
export class ExpTransform extends Rising {
  override get codomain(): constraints.Constraint {
    return constraints.positive;
  }
  protected override forward(x: Tensor): Tensor {
    return x.exp();
  }
  protected override inverse(y: Tensor): Tensor {
    return y.log();
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return x;
  }
}

/**
 * `y = 1 / (1 + exp(-x))`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.SigmoidTransform().call(tensor([0, 1]))));
 * // tensor([0.5000, 0.7311])
 * ```
 */
export class SigmoidTransform extends Rising {
  override get codomain(): constraints.Constraint {
    return constraints.unitInterval;
  }
  protected override forward(x: Tensor): Tensor {
    return clippedSigmoid(x);
  }
  protected override inverse(y: Tensor): Tensor {
    const { tiny, eps } = limitsOf(y.dtype);
    const inside = y.clamp(tiny, 1 - eps);
    return inside.log().sub(inside.neg().log1p());
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return softplusOf(x.neg()).neg().sub(softplusOf(x));
  }
}

/**
 * `y = log(1 + exp(x))`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.SoftplusTransform().call(tensor([0, 1]))));
 * // tensor([0.6931, 1.3133])
 * ```
 */
export class SoftplusTransform extends Rising {
  override get codomain(): constraints.Constraint {
    return constraints.positive;
  }
  protected override forward(x: Tensor): Tensor {
    return softplusOf(x);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.neg().expm1().neg().log().add(y);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return softplusOf(x.neg()).neg();
  }
}

/**
 * `y = tanh(x)`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.TanhTransform().call(tensor([0, 1]))));
 * // tensor([0.0000, 0.7616])
 * ```
 */
export class TanhTransform extends Rising {
  override get codomain(): constraints.Constraint {
    return constraints.interval(-1, 1);
  }
  protected override forward(x: Tensor): Tensor {
    return x.tanh();
  }
  protected override inverse(y: Tensor): Tensor {
    return y.atanh();
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    // log(1 - tanh(x)^2), without a difference of near numbers.
    return x
      .rsub(Math.log(2))
      .sub(softplusOf(x.mul(-2)))
      .mul(2);
  }
}

/**
 * `y = |x|`. Its inverse is `y` itself.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.AbsTransform().call(tensor([-1, 1]))));
 * // tensor([1., 1.])
 * ```
 */
export class AbsTransform extends Transform {
  override get domain(): constraints.Constraint {
    return constraints.real;
  }
  override get codomain(): constraints.Constraint {
    return constraints.positive;
  }
  protected override forward(x: Tensor): Tensor {
    return x.abs();
  }
  protected override inverse(y: Tensor): Tensor {
    return y;
  }
  override equals(other: Transform): boolean {
    return other instanceof AbsTransform;
  }
}
