/** The gamma function of tensors, differentiable as often as one likes. */
import { AutogradFunction, type FunctionContext } from "@flambeau/autograd";
import type { Tensor } from "@flambeau/tensor";
import { onHost } from "../host.ts";
import { digammaOf, logGamma, polygammaOf } from "./gamma-values.ts";

function mapped(x: Tensor, f: (x: number) => number): Tensor {
  return onHost([x], x.shape, ([values], out) => {
    for (let i = 0; i < out.length; i++) out[i] = f(values[i]);
  });
}

class Lgamma extends AutogradFunction {
  static override forward(ctx: FunctionContext, x: Tensor): Tensor {
    ctx.saveForBackward(x);
    return mapped(x, logGamma);
  }
  static override backward(ctx: FunctionContext, g: Tensor): Tensor {
    return g.mul(digamma(ctx.savedTensors[0]));
  }
}

/** The order is 0 for digamma. */
class Polygamma extends AutogradFunction {
  static override forward(ctx: FunctionContext, x: Tensor, order: number): Tensor {
    ctx.saveForBackward(x);
    ctx.order = order;
    return mapped(x, order === 0 ? digammaOf : (value) => polygammaOf(order, value));
  }
  static override backward(ctx: FunctionContext, g: Tensor): [Tensor, null] {
    return [g.mul(Polygamma.apply(ctx.savedTensors[0], ctx.order + 1) as Tensor), null];
  }
}

/** `log(|gamma(x)|)`. */
export function lgamma(x: Tensor): Tensor {
  return Lgamma.apply(x) as Tensor;
}

/** The derivative of `lgamma`. */
export function digamma(x: Tensor): Tensor {
  return Polygamma.apply(x, 0) as Tensor;
}
