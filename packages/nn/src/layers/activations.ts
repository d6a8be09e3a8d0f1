/**
 * Activations as modules.
 *
 * @module
 */
import { full, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/activation.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText, numberText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

/** Options of activations that PyTorch can run in place. */
export interface InplaceOptions {
  /**
   * `ReLU` overwrites its input; of the others it is only shown in the text, and the result is in fresh memory.
   * Default false.
   */
  readonly inplace?: boolean;
}

/** An activation with one more option besides the ones shared. */
abstract class Inplace extends Module {
  inplace: boolean;

  constructor(options: InplaceOptions) {
    super();
    this.inplace = options.inplace ?? false;
  }

  /** The text of the option, after others or alone; nothing unless it is set. */
  protected inplaceText(before = ""): string {
    return this.inplace ? `${before}inplace=${boolText(true)}` : "";
  }

  override extraRepr(): string {
    return this.inplaceText();
  }
}

/** `1 / (1 + exp(-x))`. */
export class Sigmoid extends Module {
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Module {
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return x.tanh();
  }
}

/** `max(x, 0)`. */
export class ReLU extends Inplace {
  static readonly keepsNothing: boolean = true;

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.relu(x, this);
  }
}

/** `x` between 0 and 6. */
export class ReLU6 extends Inplace {
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
  /** Default 0.01. */
  readonly negativeSlope?: number;
}

/** `x` above zero, `negativeSlope * x` below. */
export class LeakyReLU extends Inplace {
  static readonly keepsNothing: boolean = true;

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

/** `x` above zero, a learned `weight * x` below. Source: He et al. 2015. */
export class PReLU extends Module {
  static readonly keepsNothing: boolean = true;

  readonly numParameters: number;
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
  /** Default 1. */
  readonly alpha?: number;
}

/** `x` above zero, `alpha * (exp(x) - 1)` below. */
export class ELU extends Inplace {
  static readonly keepsNothing: boolean = true;

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

/** The self-normalizing `ELU`. */
export class SELU extends Inplace {
  static readonly keepsNothing: boolean = true;

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.selu(x);
  }
}

/** `x * sigmoid(x)`. */
export class SiLU extends Inplace {
  static readonly keepsNothing: boolean = true;

  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  override forward(x: Tensor): Tensor {
    return F.silu(x);
  }
}

/** `x` times the normal distribution function of `x`. */
export class GELU extends Module {
  static readonly keepsNothing: boolean = true;

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

/** `log(1 + exp(beta * x)) / beta`, and `x` itself where `beta * x` is above `threshold`. */
export class Softplus extends Module {
  static readonly keepsNothing: boolean = true;

  beta: number;
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

/** `log(sigmoid(x))`. */
export class LogSigmoid extends Module {
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return F.logSigmoid(x);
  }
}

/** `x` between `minVal` (-1) and `maxVal` (1). */
export class Hardtanh extends Inplace {
  static readonly keepsNothing: boolean = true;

  readonly minVal: number;
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

/** Options of `Softmax` and `LogSoftmax`. */
export interface SoftmaxOptions {
  /** Along which dimension. Without one, as PyTorch: the first of an input of 0, 1 or 3 dimensions, else the second. */
  readonly dim?: number | null;
}

function dimOf(dim: number | null | SoftmaxOptions): number | null {
  return typeof dim === "object" ? (dim?.dim ?? null) : dim;
}

/** Exponentials along a dimension, divided by their sum: `new nn.Softmax({ dim: 1 })` or `new nn.Softmax(1)`. */
export class Softmax extends Module {
  static readonly keepsNothing: boolean = true;

  readonly dim: number | null;

  constructor(dim: number | null | SoftmaxOptions = null) {
    super();
    this.dim = dimOf(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}

/** The logarithm of `Softmax`, without underflow. */
export class LogSoftmax extends Module {
  static readonly keepsNothing: boolean = true;

  readonly dim: number | null;

  constructor(dim: number | null | SoftmaxOptions = null) {
    super();
    this.dim = dimOf(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}
