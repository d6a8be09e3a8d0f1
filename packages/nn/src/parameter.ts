import { markClass } from "@flambeau/backend";
import { type Args, bind, Tensor } from "@flambeau/tensor";
import { COPY } from "./copy.ts";

const PARAMETER = "Parameter(data: tensor, requiresGrad = true)";
const BUFFER = "Buffer(data: tensor, *, persistent: bool = true)";

/** Options of a new parameter. */
export interface ParameterOptions {
  /** Collect gradients. Default true. */
  readonly requiresGrad?: boolean;
}

/**
 * A tensor that a module trains: a field that holds one is found by `parameters()`. It shares the memory of `data` and
 * is a leaf, whatever made `data`.
 *
 * @throws ArgumentError when `data` is no tensor; AutogradError when gradients are wanted and the dtype is no float.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * console.log(String(new nn.Parameter(ones([2]))));
 * // Parameter containing:
 * // tensor([1., 1.], requires_grad=True)
 * ```
 */
export class Parameter extends Tensor {
  constructor(...args: Args<typeof PARAMETER, Required<ParameterOptions>>) {
    const { data, requiresGrad } = bind(PARAMETER, args);
    super(data.storage, data.shape, data.strides, data.offset);
    if (requiresGrad) this.requiresGrad_();
  }

  /** PyTorch's text of a parameter. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }

  /** As `toString`, with the values whatever the device. */
  override async toStringAsync(): Promise<string> {
    return `Parameter containing:\n${await super.toStringAsync()}`;
  }
}
markClass(Parameter.prototype, "Parameter", COPY);

/** Options of a new buffer. */
export interface BufferOptions {
  /** Part of `stateDict()`. Default true. */
  readonly persistent?: boolean;
}

/**
 * A tensor that belongs to a module's state and is not trained: running statistics, class weights. It moves with
 * `module.to(...)`, shares the memory of `data`, and a field that holds one is found by `buffers()`.
 *
 * @example
 * ```ts
 * import { nn, type Tensor, tensor } from "flambeau";
 *
 * class Standardize extends nn.Module {
 *   mean: nn.Buffer = new nn.Buffer(tensor([1, 2]));
 *   std: nn.Buffer = new nn.Buffer(tensor([2, 2]));
 *   override forward(x: Tensor): Tensor {
 *     return x.sub(this.mean).div(this.std);
 *   }
 * }
 *
 * const model = new Standardize();
 * console.log(String(model(tensor([[3, 4]]))), model.parameters().length, model.buffers().length);
 * // tensor([[1., 1.]]) 0 2
 * ```
 */
export class Buffer extends Tensor {
  /** Whether it is part of `stateDict()`. */
  readonly persistent: boolean;

  constructor(...args: Args<typeof BUFFER, Required<BufferOptions>>) {
    const { data, persistent } = bind(BUFFER, args);
    super(data.storage, data.shape, data.strides, data.offset);
    this.persistent = persistent;
  }
}
markClass(Buffer.prototype, "Buffer", COPY);
