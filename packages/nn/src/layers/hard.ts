/**
 * Activations of straight pieces, as modules.
 *
 * @module
 */

import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/hard.ts";
import { Module } from "../module/module.ts";
import { numberText } from "../module/text.ts";
import { Inplace } from "./inplace.ts";

const HARDSIGMOID = "Hardsigmoid(inplace = false)";

/**
 * `(x + 3) / 6` between 0 and 1, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Hardsigmoid()(tensor([-4, 0, 1.5]))));
 * // tensor([0.0000, 0.5000, 0.7500])
 * ```
 */
export class Hardsigmoid extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof HARDSIGMOID>) {
    super(bind(HARDSIGMOID, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.hardsigmoid(x, this.inplace);
  }

  override extraRepr(): string {
    return "";
  }
}

const HARDSWISH = "Hardswish(inplace = false)";

/**
 * `x * (x + 3) / 6` between -3 and 3, 0 below and `x` above, elementwise. Source: Howard et al. 2019.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Hardswish()(tensor([-4, 0, 1, 4]))));
 * // tensor([-0.0000, 0.0000, 0.6667, 4.0000])
 * ```
 */
export class Hardswish extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof HARDSWISH>) {
    super(bind(HARDSWISH, args).inplace);
  }

  override forward(x: Tensor): Tensor {
    return F.hardswish(x, this.inplace);
  }

  override extraRepr(): string {
    return "";
  }
}

const HARDSHRINK = "Hardshrink(lambd = 0.5)";

/**
 * `x`, but 0 where it is within `lambd` (0.5) of zero, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Hardshrink()(tensor([-1, 0.3, 2]))));
 * // tensor([-1.,  0.,  2.])
 * ```
 */
export class Hardshrink extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How near to zero is nothing. */
  readonly lambd: number;

  constructor(...args: Args<typeof HARDSHRINK>) {
    super();
    this.lambd = bind(HARDSHRINK, args).lambd;
  }

  override forward(x: Tensor): Tensor {
    return F.hardshrink(x, this.lambd);
  }

  override extraRepr(): string {
    return numberText(this.lambd);
  }
}

const THRESHOLD = "Threshold(threshold: number, value: number, inplace = false)";

/**
 * `x` above a threshold, elsewhere a value, elementwise.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Threshold(1, 10)(tensor([-1, 0.5, 2]))));
 * // tensor([10., 10.,  2.])
 * ```
 */
export class Threshold extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** What `x` has to be above. */
  readonly threshold: number;
  /** What is there elsewhere. */
  readonly value: number;

  constructor(...args: Args<typeof THRESHOLD>) {
    const { threshold, value, inplace } = bind(THRESHOLD, args);
    super(inplace);
    this.threshold = threshold;
    this.value = value;
  }

  override forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value, this.inplace);
  }

  override extraRepr(): string {
    return `threshold=${numberText(this.threshold)}, value=${numberText(this.value)}${this.inplaceText(", ")}`;
  }
}
