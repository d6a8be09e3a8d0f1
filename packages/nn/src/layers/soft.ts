/**
 * Further smooth activations, as modules.
 *
 * @module
 */

import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/soft.ts";
import { Module } from "../module/module.ts";
import { floatText, numberText } from "../module/text.ts";
import { Inplace } from "./inplace.ts";

/**
 * `x / (1 + |x|)`, elementwise: between -1 and 1.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Softsign()(tensor([-1, 0, 3]))));
 * // tensor([-0.5000,  0.0000,  0.7500])
 * ```
 */
export class Softsign extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return F.softsign(x);
  }
}

const SOFTSHRINK = "Softshrink(lambd = 0.5)";

/**
 * `x` brought `lambd` (0.5) nearer to zero, and 0 within it, elementwise.
 *
 * @throws ValueError when it is called and `lambd` is negative.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Softshrink()(tensor([-1, 0.3, 2]))));
 * // tensor([-0.5000,  0.0000,  1.5000])
 * ```
 */
export class Softshrink extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How far everything is brought. */
  readonly lambd: number;

  constructor(...args: Args<typeof SOFTSHRINK>) {
    super();
    this.lambd = bind(SOFTSHRINK, args).lambd;
  }

  override forward(x: Tensor): Tensor {
    return F.softshrink(x, this.lambd);
  }

  override extraRepr(): string {
    return numberText(this.lambd);
  }
}

/**
 * `x - tanh(x)`, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Tanhshrink()(tensor([-1, 0, 2]))));
 * // tensor([-0.2384,  0.0000,  1.0360])
 * ```
 */
export class Tanhshrink extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    return F.tanhshrink(x);
  }
}

const MISH = "Mish(inplace = false)";

/**
 * `x * tanh(softplus(x))`, elementwise. Source: Misra 2019.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Mish()(tensor([-1, 0, 2]))));
 * // tensor([-0.3034,  0.0000,  1.9440])
 * ```
 */
export class Mish extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof MISH>) {
    super(bind(MISH, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.mish(x, this.inplace);
  }
}

const _CELU = "CELU(alpha: number = 1, inplace = false)";

const CELU_SIGNATURE = "CELU(alpha: number = 1, inplace = false)";

/**
 * `x` above zero, `alpha * (exp(x / alpha) - 1)` below, elementwise. Source: Barron 2017.
 *
 * @throws ValueError when it is called and `alpha` is 0.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.CELU(2)(tensor([-2, 0, 2]))));
 * // tensor([-1.2642,  0.0000,  2.0000])
 * ```
 */
export class CELU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How far below zero the result can get. */
  readonly alpha: number;

  constructor(...args: Args<typeof CELU_SIGNATURE>) {
    const { alpha, inplace } = bind(CELU_SIGNATURE, args);
    super(inplace);
    this.alpha = alpha;
  }

  override forward(x: Tensor): Tensor {
    return F.celu(x, this.alpha, this.inplace);
  }

  override extraRepr(): string {
    return `alpha=${floatText(this.alpha)}${this.inplaceText(", ")}`;
  }
}

const _GLU = "GLU(dim = -1)";

const GLU_SIGNATURE = "GLU(dim = -1)";

/**
 * The first half of a dimension (the last) times the `sigmoid` of the second. Source: Dauphin et al. 2017.
 *
 * @throws ShapeError when it is called and the dimension's size is odd.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.GLU()(tensor([1, 2, 0, 100]))));
 * // tensor([0.5000, 2.0000])
 * ```
 */
export class GLU extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The dimension that is halved. */
  readonly dim: number;

  constructor(...args: Args<typeof GLU_SIGNATURE>) {
    super();
    this.dim = bind(GLU_SIGNATURE, args).dim;
  }

  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
