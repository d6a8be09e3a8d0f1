import type { Shape } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { Module } from "../module/module.ts";

/** Options of `Flatten`. */
export interface FlattenOptions {
  /** Default 1: the batch stays. */
  readonly startDim?: number;
  /** Default -1. */
  readonly endDim?: number;
}

/** Joins a range of dimensions into one. */
export class Flatten extends Module {
  static readonly keepsNothing: boolean = true;

  readonly startDim: number;
  readonly endDim: number;

  constructor(startDim: number | FlattenOptions = {}, endDim?: number) {
    super();
    const options = typeof startDim === "number" ? { startDim, endDim } : startDim;
    this.startDim = options.startDim ?? 1;
    this.endDim = options.endDim ?? -1;
  }

  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Splits one dimension into several. */
export class Unflatten extends Module {
  static readonly keepsNothing: boolean = true;

  readonly dimension: number;
  readonly unflattenedSize: Shape;

  constructor(dim: number, unflattenedSize: Shape) {
    super();
    this.dimension = dim;
    this.unflattenedSize = unflattenedSize;
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dimension, this.unflattenedSize);
  }

  override extraRepr(): string {
    const sizes =
      this.unflattenedSize.length === 1 ? `${this.unflattenedSize[0]},` : this.unflattenedSize.join(", ");
    return `dim=${this.dimension}, unflattened_size=(${sizes})`;
  }
}

/** Gives back what it gets, whatever it was made with: a placeholder in a model. */
export class Identity extends Module {
  static readonly keepsNothing: boolean = true;

  constructor(..._ignored: unknown[]) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x;
  }
}
