/**
 * Elementwise activations as modules.
 *
 * @module
 */
import { full, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/activation.ts";
import { Module } from "../module/module.ts";
import { floatText, numberText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";
import { Inplace, type InplaceOptions } from "./inplace.ts";

export type { InplaceOptions } from "./inplace.ts";

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

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.relu(x, this);
  }
}

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

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.relu6(x);
  }
}

/** Options of `LeakyReLU`. */
export interface LeakyReLUOptions extends InplaceOptions {
  /** What elements below zero are multiplied by. Default 0.01. */
  readonly negativeSlope?: number;
}

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

  constructor(negativeSlope: number | LeakyReLUOptions = {}, options: InplaceOptions = {}) {
    const given = typeof negativeSlope === "number" ? { ...options, negativeSlope } : negativeSlope;
    super(given);
    this.negativeSlope = given.negativeSlope ?? 0.01;
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.negativeSlope);
  }

  override extraRepr(): string {
    return `negative_slope=${floatText(this.negativeSlope)}${this.inplaceText(", ")}`;
  }
}

/** Options of `PReLU`. */
export interface PReLUOptions {
  /** 1 (default), or the size of the input's dimension 1. */
  readonly numParameters?: number;
  /** The weights' first value. Default 0.25. */
  readonly init?: number;
}

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

  constructor(numParameters: number | PReLUOptions = {}, options: Omit<PReLUOptions, "numParameters"> = {}) {
    super();
    const given = typeof numParameters === "number" ? { ...options, numParameters } : numParameters;
    this.numParameters = given.numParameters ?? 1;
    this.weight = new Parameter(full([this.numParameters], given.init ?? 0.25));
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/** Options of `ELU`. */
export interface ELUOptions extends InplaceOptions {
  /** How far below zero the result can get. Default 1. */
  readonly alpha?: number;
}

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

  constructor(alpha: number | ELUOptions = {}, options: InplaceOptions = {}) {
    const given = typeof alpha === "number" ? { ...options, alpha } : alpha;
    super(given);
    this.alpha = given.alpha ?? 1;
  }

  override forward(x: Tensor): Tensor {
    return F.elu(x, this.alpha);
  }

  override extraRepr(): string {
    return `alpha=${floatText(this.alpha)}${this.inplaceText(", ")}`;
  }
}

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

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.selu(x);
  }
}

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

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.silu(x);
  }
}

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

  constructor(options: F.GELUOptions = {}) {
    super();
    this.approximate = options.approximate ?? "none";
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, this);
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

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

  constructor(beta: number | F.SoftplusOptions = {}, threshold?: number) {
    super();
    const given = typeof beta === "number" ? { beta, threshold } : beta;
    this.beta = given.beta ?? 1;
    this.threshold = given.threshold ?? 20;
  }

  override forward(x: Tensor): Tensor {
    return F.softplus(x, this);
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

  constructor(
    minVal: number | (F.HardtanhOptions & InplaceOptions) = {},
    maxVal?: number,
    options: InplaceOptions = {},
  ) {
    const given = typeof minVal === "number" ? { ...options, minVal, maxVal } : minVal;
    super(given);
    this.minVal = given.minVal ?? -1;
    this.maxVal = given.maxVal ?? 1;
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this);
  }

  override extraRepr(): string {
    return `min_val=${floatText(this.minVal)}, max_val=${floatText(this.maxVal)}${this.inplaceText(", ")}`;
  }
}
