/**
 * Paddings of volumes, of lines with zeros, and round ones, as modules.
 *
 * @module
 */
import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { ConstantPad, Padding, type Padding1d, type Padding2d, type Padding3d } from "./pad.ts";

const CONSTANT_PAD3D = "ConstantPad3d(padding: int|ints, value: number)";

/**
 * Adds a value around volumes.
 *
 * @throws ValueError when the padding is no integer and not 6 of them.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.ConstantPad3d(1, 2.5)(zeros([1, 2, 2, 2])).shape.join());
 * // 1,4,4,4
 * ```
 */
export class ConstantPad3d extends ConstantPad {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONSTANT_PAD3D, { padding: Padding3d }>) {
    const { padding, value } = bind<typeof CONSTANT_PAD3D, { padding: Padding3d }>(CONSTANT_PAD3D, args);
    super(padding, value, 3);
  }
}

const ZERO_PAD1D = "ZeroPad1d(padding: int|ints)";

/**
 * Adds zeros at the ends of lines.
 *
 * @throws ValueError when the padding is no integer and not 2 of them.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * console.log(String(new nn.ZeroPad1d([1, 2])(ones([1, 2]))));
 * // tensor([[0., 1., 1., 0., 0.]])
 * ```
 */
export class ZeroPad1d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ZERO_PAD1D, { padding: Padding1d }>) {
    super(bind<typeof ZERO_PAD1D, { padding: Padding1d }>(ZERO_PAD1D, args).padding, 1);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "constant");
  }
}

const ZERO_PAD3D = "ZeroPad3d(padding: int|ints)";

/**
 * Adds zeros around volumes.
 *
 * @throws ValueError when the padding is no integer and not 6 of them.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.ZeroPad3d(1)(zeros([1, 2, 2, 2])).shape.join());
 * // 1,4,4,4
 * ```
 */
export class ZeroPad3d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ZERO_PAD3D, { padding: Padding3d }>) {
    super(bind<typeof ZERO_PAD3D, { padding: Padding3d }>(ZERO_PAD3D, args).padding, 3);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "constant");
  }
}

const REFLECTION_PAD3D = "ReflectionPad3d(padding: int|ints)";

/**
 * Continues volumes by their mirror image.
 *
 * @throws ValueError when the padding is no integer and not 6 of them.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.ReflectionPad3d(1)(zeros([1, 2, 2, 2])).shape.join());
 * // 1,4,4,4
 * ```
 */
export class ReflectionPad3d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof REFLECTION_PAD3D, { padding: Padding3d }>) {
    super(bind<typeof REFLECTION_PAD3D, { padding: Padding3d }>(REFLECTION_PAD3D, args).padding, 3);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "reflect");
  }
}

const REPLICATION_PAD3D = "ReplicationPad3d(padding: int|ints)";

/**
 * Continues volumes by their faces.
 *
 * @throws ValueError when the padding is no integer and not 6 of them.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.ReplicationPad3d(1)(zeros([1, 2, 2, 2])).shape.join());
 * // 1,4,4,4
 * ```
 */
export class ReplicationPad3d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof REPLICATION_PAD3D, { padding: Padding3d }>) {
    super(bind<typeof REPLICATION_PAD3D, { padding: Padding3d }>(REPLICATION_PAD3D, args).padding, 3);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "replicate");
  }
}

const CIRCULAR_PAD1D = "CircularPad1d(padding: int|ints)";

/**
 * Continues lines by their other end.
 *
 * @throws ValueError when the padding is no integer and not 2 of them.
 *
 * @example
 * ```ts
 * import { arange, nn } from "flambeau";
 *
 * console.log(String(new nn.CircularPad1d(1)(arange(3).reshape([1, 3]))));
 * // tensor([[2., 0., 1., 2., 0.]])
 * ```
 */
export class CircularPad1d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CIRCULAR_PAD1D, { padding: Padding1d }>) {
    super(bind<typeof CIRCULAR_PAD1D, { padding: Padding1d }>(CIRCULAR_PAD1D, args).padding, 1);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "circular");
  }
}

const CIRCULAR_PAD2D = "CircularPad2d(padding: int|ints)";

/**
 * Continues images by their other side.
 *
 * @throws ValueError when the padding is no integer and not 4 of them.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.CircularPad2d(1)(zeros([1, 2, 2])).shape.join());
 * // 1,4,4
 * ```
 */
export class CircularPad2d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CIRCULAR_PAD2D, { padding: Padding2d }>) {
    super(bind<typeof CIRCULAR_PAD2D, { padding: Padding2d }>(CIRCULAR_PAD2D, args).padding, 2);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "circular");
  }
}

const CIRCULAR_PAD3D = "CircularPad3d(padding: int|ints)";

/**
 * Continues volumes by their other side.
 *
 * @throws ValueError when the padding is no integer and not 6 of them.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.CircularPad3d(1)(zeros([1, 2, 2, 2])).shape.join());
 * // 1,4,4,4
 * ```
 */
export class CircularPad3d extends Padding {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CIRCULAR_PAD3D, { padding: Padding3d }>) {
    super(bind<typeof CIRCULAR_PAD3D, { padding: Padding3d }>(CIRCULAR_PAD3D, args).padding, 3);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "circular");
  }
}
