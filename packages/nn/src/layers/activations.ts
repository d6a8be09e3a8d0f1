/**
 * Elementwise activations as modules.
 *
 * @module
 */
import { type Args, bind, full, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/activation.ts";
import { Module } from "../module/module.ts";
import { floatText, numberText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";
import { Inplace } from "./inplace.ts";

/**
 * `1 / (1 + exp(-x))`, elementwise: between 0 and 1.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Sigmoid()(tensor([-1, 0, 2]))));
 * // tensor([0.2689, 0.5000, 0.8808])
 * ```
 */
export class Sigmoid extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}

/**
 * The hyperbolic tangent, elementwise: between -1 and 1.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Tanh()(tensor([-1, 0, 2]))));
 * // tensor([-0.7616,  0.0000,  0.9640])
 * ```
 */
export class Tanh extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return x.tanh();
  }
}

const RELU = "ReLU(inplace = false)";

/**
 * `max(x, 0)`, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ReLU()(tensor([-1, 0, 2]))));
 * // tensor([0., 0., 2.])
 * ```
 */
export class ReLU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof RELU>) {
    super(bind(RELU, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.relu(x, this.inplace);
  }
}

const RELU6 = "ReLU6(inplace = false)";

/**
 * `x` between 0 and 6, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ReLU6()(tensor([-1, 2, 8]))));
 * // tensor([0., 2., 6.])
 * ```
 */
export class ReLU6 extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof RELU6>) {
    super(bind(RELU6, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.relu6(x, this.inplace);
  }
}

const LEAKY_RELU = "LeakyReLU(negativeSlope = 0.01, inplace = false)";

/**
 * `x` above zero, `negativeSlope * x` below, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.LeakyReLU(0.1)(tensor([-1, 0, 2]))));
 * // tensor([-0.1000,  0.0000,  2.0000])
 * ```
 */
export class LeakyReLU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** What elements below zero are multiplied by. */
  negativeSlope: number;

  constructor(...args: Args<typeof LEAKY_RELU>) {
    const { negativeSlope, inplace } = bind(LEAKY_RELU, args);
    super(inplace);
    this.negativeSlope = negativeSlope;
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.negativeSlope, this.inplace);
  }

  override extraRepr(): string {
    return `negative_slope=${floatText(this.negativeSlope)}${this.inplaceText(", ")}`;
  }
}

const PRELU = "PReLU(numParameters = 1, init = 0.25, *, device?, dtype?)";

/**
 * `x` above zero, a learned `weight * x` below: one weight, or one for each index of dimension 1. Source: He et
 * al. 2015.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.PReLU()(tensor([-1, 0, 2])).detach()));
 * // tensor([-0.2500,  0.0000,  2.0000])
 * ```
 */
export class PReLU extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How many weights there are. */
  readonly numParameters: number;
  /** What elements below zero are multiplied by: `[numParameters]`. */
  weight: Parameter;

  constructor(...args: Args<typeof PRELU>) {
    super();
    const { numParameters, init, device, dtype } = bind(PRELU, args);
    this.numParameters = numParameters;
    this.weight = new Parameter(full([numParameters], init, { device, dtype }));
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

const _ELU = "ELU(alpha: number = 1, inplace = false)";

const ELU_SIGNATURE = "ELU(alpha: number = 1, inplace = false)";

/**
 * `x` above zero, `alpha * (exp(x) - 1)` below, elementwise. Source: Clevert et al. 2015.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ELU()(tensor([-1, 0, 2]))));
 * // tensor([-0.6321,  0.0000,  2.0000])
 * ```
 */
export class ELU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How far below zero the result can get. */
  alpha: number;

  constructor(...args: Args<typeof ELU_SIGNATURE>) {
    const { alpha, inplace } = bind(ELU_SIGNATURE, args);
    super(inplace);
    this.alpha = alpha;
  }

  override forward(x: Tensor): Tensor {
    return F.elu(x, this.alpha, this.inplace);
  }

  override extraRepr(): string {
    return `alpha=${floatText(this.alpha)}${this.inplaceText(", ")}`;
  }
}

const _SELU = "SELU(inplace = false)";

const SELU_SIGNATURE = "SELU(inplace = false)";

/**
 * The self-normalizing `ELU`, elementwise: with fixed `alpha` and scale, for which activations keep mean 0 and
 * variance 1. Source: Klambauer et al. 2017.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.SELU()(tensor([-1, 0, 2]))));
 * // tensor([-1.1113,  0.0000,  2.1014])
 * ```
 */
export class SELU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof SELU_SIGNATURE>) {
    super(bind(SELU_SIGNATURE, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.selu(x, this.inplace);
  }
}

const SI_LU = "SiLU(inplace = false)";

/**
 * `x * sigmoid(x)`, elementwise; also called swish.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.SiLU()(tensor([-1, 0, 2]))));
 * // tensor([-0.2689,  0.0000,  1.7616])
 * ```
 */
export class SiLU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof SI_LU>) {
    super(bind(SI_LU, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.silu(x, this.inplace);
  }
}

const _GELU = "GELU(approximate: 'none'|'tanh' = 'none')";

const GELU_SIGNATURE = "GELU(approximate: 'none'|'tanh' = 'none')";

/**
 * `x` times the normal distribution function of `x`, elementwise. Source: Hendrycks and Gimpel 2016.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.GELU()(tensor([-1, 0, 2]))));
 * // tensor([-0.1587,  0.0000,  1.9545])
 * ```
 */
export class GELU extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** "tanh" for the approximation with a hyperbolic tangent. */
  readonly approximate: "none" | "tanh";

  constructor(...args: Args<typeof GELU_SIGNATURE>) {
    super();
    this.approximate = bind(GELU_SIGNATURE, args).approximate;
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

const SOFTPLUS = "Softplus(beta = 1, threshold = 20)";

/**
 * `log(1 + exp(beta * x)) / beta`, and `x` itself where `beta * x` is above `threshold`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Softplus()(tensor([-1, 0, 2]))));
 * // tensor([0.3133, 0.6931, 2.1269])
 * ```
 */
export class Softplus extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How sharp the bend at zero is. */
  beta: number;
  /** Above it `beta * x` is taken for the result times `beta`. */
  threshold: number;

  constructor(...args: Args<typeof SOFTPLUS>) {
    super();
    const { beta, threshold } = bind(SOFTPLUS, args);
    this.beta = beta;
    this.threshold = threshold;
  }

  override forward(x: Tensor): Tensor {
    return F.softplus(x, this.beta, this.threshold);
  }

  override extraRepr(): string {
    return `beta=${numberText(this.beta)}, threshold=${numberText(this.threshold)}`;
  }
}

/**
 * `log(sigmoid(x))`, elementwise, without underflow.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.LogSigmoid()(tensor([-1, 0, 2]))));
 * // tensor([-1.3133, -0.6931, -0.1269])
 * ```
 */
export class LogSigmoid extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return F.logSigmoid(x);
  }
}

const HARDTANH = "Hardtanh(minVal = -1, maxVal = 1, inplace = false)";

/**
 * `x` between `minVal` (-1) and `maxVal` (1).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Hardtanh(-0.5, 0.5)(tensor([-1, 0, 2]))));
 * // tensor([-0.5000,  0.0000,  0.5000])
 * ```
 */
export class Hardtanh extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The smallest result. */
  readonly minVal: number;
  /** The largest result. */
  readonly maxVal: number;

  constructor(...args: Args<typeof HARDTANH>) {
    const { minVal, maxVal, inplace } = bind(HARDTANH, args);
    super(inplace);
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.minVal, this.maxVal, this.inplace);
  }

  override extraRepr(): string {
    return `min_val=${floatText(this.minVal)}, max_val=${floatText(this.maxVal)}${this.inplaceText(", ")}`;
  }
}
