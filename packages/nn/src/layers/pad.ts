/**
 * Paddings as modules.
 *
 * @module
 */

import { quote, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { type PadOptions, pad } from "../functional/pad.ts";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { numberText, tupleText } from "../module/text.ts";

/** How many elements are added at each side: a number for all, or `[left, right]`. */
export type Padding1d = number | readonly [number, number];
/** How many elements are added at each side: a number for all, or `[left, right, top, bottom]`. */
export type Padding2d = number | readonly [number, number, number, number];
/** How many elements are added at each side: a number for all, or `[left, right, top, bottom, front, back]`. */
export type Padding3d = number | readonly [number, number, number, number, number, number];

/** What paddings of all kinds share. */
export abstract class Padding extends Module {
  /** How many elements are added before and after, the last dimension first. */
  readonly padding: readonly number[];

  constructor(padding: number | readonly number[], n: 1 | 2 | 3) {
    super();
    this.padding = typeof padding === "number" ? new Array<number>(2 * n).fill(padding) : [...padding];
    if (this.padding.length !== 2 * n || !this.padding.every(Number.isInteger)) {
      throw new ValueError(`${nameOf(this)} takes an integer or ${2 * n} of them; got ${quote(padding)}`);
    }
  }

  protected padded(x: Tensor, mode: PadOptions["mode"]): Tensor {
    return pad(x, this.padding, { mode });
  }

  override extraRepr(): string {
    return tupleText(this.padding);
  }
}

/** A padding with a value. */
export abstract class ConstantPad extends Padding {
  /** What is added. */
  readonly value: number;

  constructor(padding: number | readonly number[], value: number, n: 1 | 2 | 3) {
    super(padding, n);
    this.value = value;
  }

  override forward(x: Tensor): Tensor {
    return pad(x, this.padding, { value: this.value });
  }

  override extraRepr(): string {
    return `padding=${tupleText(this.padding)}, value=${numberText(this.value)}`;
  }
}

const CONSTANT_PAD1D = "ConstantPad1d(padding: int|ints, value: number)";

/**
 * Adds a value at the ends of lines.
 *
 * @throws ValueError when the padding is no integer and not 2 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ConstantPad1d([1, 2], 7)(tensor([[1, 2]]))));
 * // tensor([[7., 1., 2., 7., 7.]])
 * ```
 */
export class ConstantPad1d extends ConstantPad {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONSTANT_PAD1D, { padding: Padding1d }>) {
    const { padding, value } = bind<typeof CONSTANT_PAD1D, { padding: Padding1d }>(CONSTANT_PAD1D, args);
    super(padding, value, 1);
  }
}

const CONSTANT_PAD2D = "ConstantPad2d(padding: int|ints, value: number)";

/**
 * Adds a value around images.
 *
 * @throws ValueError when the padding is no integer and not 4 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ConstantPad2d([1, 0, 0, 1], 7)(tensor([[[1, 2]]]))));
 * // tensor([[[7., 1., 2.],
 * //          [7., 7., 7.]]])
 * ```
 */
export class ConstantPad2d extends ConstantPad {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONSTANT_PAD2D, { padding: Padding2d }>) {
    const { padding, value } = bind<typeof CONSTANT_PAD2D, { padding: Padding2d }>(CONSTANT_PAD2D, args);
    super(padding, value, 2);
  }
}

const ZERO_PAD2D = "ZeroPad2d(padding: int|ints)";

/**
 * Adds zeros around images.
 *
 * @throws ValueError when the padding is no integer and not 4 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ZeroPad2d([1, 0, 0, 1])(tensor([[[1, 2]]]))));
 * // tensor([[[0., 1., 2.],
 * //          [0., 0., 0.]]])
 * ```
 */
export class ZeroPad2d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ZERO_PAD2D, { padding: Padding2d }>) {
    super(bind<typeof ZERO_PAD2D, { padding: Padding2d }>(ZERO_PAD2D, args).padding, 2);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "constant");
  }
}

const REFLECTION_PAD1D = "ReflectionPad1d(padding: int|ints)";

/**
 * Continues lines by their mirror image.
 *
 * @throws ValueError when the padding is no integer and not 2 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ReflectionPad1d(2)(tensor([[1, 2, 3]]))));
 * // tensor([[3., 2., 1., 2., 3., 2., 1.]])
 * ```
 */
export class ReflectionPad1d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof REFLECTION_PAD1D, { padding: Padding1d }>) {
    super(bind<typeof REFLECTION_PAD1D, { padding: Padding1d }>(REFLECTION_PAD1D, args).padding, 1);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "reflect");
  }
}

const REFLECTION_PAD2D = "ReflectionPad2d(padding: int|ints)";

/**
 * Continues images by their mirror image.
 *
 * @throws ValueError when the padding is no integer and not 4 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ReflectionPad2d([1, 1, 1, 0])(tensor([[[1, 2], [3, 4]]]))));
 * // tensor([[[4., 3., 4., 3.],
 * //          [2., 1., 2., 1.],
 * //          [4., 3., 4., 3.]]])
 * ```
 */
export class ReflectionPad2d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof REFLECTION_PAD2D, { padding: Padding2d }>) {
    super(bind<typeof REFLECTION_PAD2D, { padding: Padding2d }>(REFLECTION_PAD2D, args).padding, 2);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "reflect");
  }
}

const REPLICATION_PAD1D = "ReplicationPad1d(padding: int|ints)";

/**
 * Continues lines by their ends.
 *
 * @throws ValueError when the padding is no integer and not 2 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ReplicationPad1d([1, 2])(tensor([[1, 2, 3]]))));
 * // tensor([[1., 1., 2., 3., 3., 3.]])
 * ```
 */
export class ReplicationPad1d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof REPLICATION_PAD1D, { padding: Padding1d }>) {
    super(bind<typeof REPLICATION_PAD1D, { padding: Padding1d }>(REPLICATION_PAD1D, args).padding, 1);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "replicate");
  }
}

const REPLICATION_PAD2D = "ReplicationPad2d(padding: int|ints)";

/**
 * Continues images by their edges.
 *
 * @throws ValueError when the padding is no integer and not 4 of them.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.ReplicationPad2d([1, 0, 0, 1])(tensor([[[1, 2]]]))));
 * // tensor([[[1., 1., 2.],
 * //          [1., 1., 2.]]])
 * ```
 */
export class ReplicationPad2d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof REPLICATION_PAD2D, { padding: Padding2d }>) {
    super(bind<typeof REPLICATION_PAD2D, { padding: Padding2d }>(REPLICATION_PAD2D, args).padding, 2);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "replicate");
  }
}
