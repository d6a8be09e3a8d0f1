/** The programs of tools/fixtures/autograd.py with derivatives of their own, under the same names. */
import {
  AutogradFunction,
  type FunctionContext,
  type FunctionGradients,
  grad,
  noGrad,
} from "@flambeau/autograd";
import { ones, type Tensor } from "@flambeau/tensor";
import { leaf, plain } from "./support.ts";

class Cube extends AutogradFunction {
  static override forward(ctx: FunctionContext, x: Tensor, scale: number): Tensor {
    const y = x.pow(3);
    ctx.scale = scale;
    ctx.saveForBackward(x, y);
    return y.mul(scale);
  }
  static override backward(ctx: FunctionContext, g: Tensor): FunctionGradients {
    const [x] = ctx.savedTensors;
    return [x.pow(2).mul(3).mul(g).mul(ctx.scale), null];
  }
}

class Exp extends AutogradFunction {
  static override forward(ctx: FunctionContext, x: Tensor): Tensor {
    const y = x.exp();
    ctx.saveForBackward(y);
    return y;
  }
  static override backward(ctx: FunctionContext, g: Tensor): Tensor {
    return g.mul(ctx.savedTensors[0]);
  }
}

/** Sum, product, and where the first is larger. */
class Both extends AutogradFunction {
  static override forward(ctx: FunctionContext, a: Tensor, b: Tensor): [Tensor, Tensor, Tensor] {
    ctx.saveForBackward(a, b);
    const larger = a.gt(b);
    return [a.add(b), a.mul(b).to("float32"), larger];
  }
  static override backward(ctx: FunctionContext, gs: Tensor, gp: Tensor, gl: Tensor): FunctionGradients {
    const [a, b] = ctx.savedTensors;
    if (gp.dtype !== "float32" || gl.dtype !== "bool") throw new Error("a gradient has its result's dtype");
    const wide = gp.to("float64");
    return [gs.add(wide.mul(b)), ctx.needsInputGrad[1] ? gs.add(wide.mul(a)) : null];
  }
}

class Reverse extends AutogradFunction {
  static override forward(_ctx: FunctionContext, x: Tensor): Tensor {
    return x.view(x.shape);
  }
  static override backward(_ctx: FunctionContext, g: Tensor): Tensor {
    return g.neg();
  }
}

class Wrong extends AutogradFunction {
  static override forward(ctx: FunctionContext, x: Tensor, gradients: FunctionGradients): Tensor {
    ctx.gradients = gradients;
    return x.mul(1);
  }
  static override backward(ctx: FunctionContext, _g: Tensor): FunctionGradients {
    return ctx.gradients;
  }
}

function run(gradients: FunctionGradients): Tensor {
  const x = leaf([1, 2]);
  Wrong.apply(x, gradients).sum().backward();
  return x;
}

const ones64 = (shape: number[]): Tensor => ones(shape, { dtype: "float64" });

export const functionPrograms: Readonly<Record<string, () => unknown[] | undefined>> = {
  function_with_a_note() {
    const x = leaf([1, -2]);
    const y = Cube.apply(x, 2);
    y.mul(y).sum().backward();
    return [y, y.gradFn?.name === "CubeBackward", x.grad];
  },
  function_differentiated_again() {
    const x = leaf([1, -2]);
    const [g] = grad(Cube.apply(x, 2).sum(), x, { createGraph: true });
    const [h] = grad(g.sum(), x, { createGraph: true });
    const [k] = grad(h.sum(), x);
    return [g, h, k];
  },
  function_that_saves_its_result_differentiated_again() {
    const x = leaf([1, -2]);
    const [g] = grad(Exp.apply(x.mul(2)).sum(), x, { createGraph: true });
    g.mul(g).sum().backward();
    return [g, x.grad];
  },
  function_of_two_results() {
    const [a, b] = [leaf([1, 2, 3]), leaf([2, 2, 2])];
    const [s, p, larger] = Both.apply(a, b);
    s.mul(3).add(p.mul(p)).sum().backward();
    return [s, larger.requiresGrad, p.dtype === "float32", a.grad, b.grad];
  },
  function_of_two_results_one_used() {
    const [a, b] = [leaf([1, 2, 3]), plain([2, 2, 2])];
    const [, p] = Both.apply(a, b);
    p.mul(p).sum().backward();
    return [a.grad, b.grad === null];
  },
  function_of_two_results_each_alone() {
    const [a, b] = [leaf([1, 2, 3]), leaf([2, 2, 2])];
    const [s, p] = Both.apply(a, b);
    s.sum().backward({ retainGraph: true });
    const first = a.grad!.clone();
    p.sum().backward();
    return [first, a.grad, b.grad];
  },
  function_of_two_results_differentiated_again() {
    const [a, b] = [leaf([1, 2, 3]), leaf([2, 3, 4])];
    const [s, p] = Both.apply(a, b);
    const [g] = grad(s.mul(p).sum(), a, { createGraph: true });
    g.mul(g).sum().backward();
    return [g, a.grad, b.grad];
  },
  function_that_gives_back_its_argument() {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    Reverse.apply(y).mul(y).sum().backward();
    return [x.grad];
  },
  function_result_written_in_place() {
    const x = leaf([1, 2]);
    const y = Cube.apply(x, 1);
    y.mul_(x);
    y.sum().backward();
    return [y, x.grad];
  },
  function_saved_result_overwritten_fails() {
    const y = Exp.apply(leaf([1, 2]));
    y.mul_(2);
    y.sum().backward();
    return undefined;
  },
  function_run_backward_twice_fails() {
    const y = Exp.apply(leaf([1, 2])).sum();
    y.backward();
    y.backward();
    return undefined;
  },
  function_run_backward_twice() {
    const x = leaf([1, 2]);
    const y = Exp.apply(x).sum();
    y.backward({ retainGraph: true });
    y.backward();
    return [x.grad];
  },
  function_inside_no_grad() {
    const x = leaf([1, 2]);
    const y = noGrad(() => Exp.apply(x));
    return [y.requiresGrad, Exp.apply(x.detach()).requiresGrad];
  },
  function_gradient_of_broadcast() {
    return [run([ones64([3, 2]), null]).grad];
  },
  function_gradient_of_other_shape_fails() {
    run([ones64([3]), null]);
    return undefined;
  },
  function_too_few_gradients_fails() {
    run(ones64([2]));
    return undefined;
  },
  function_gradient_for_no_tensor_fails() {
    run([ones64([2]), ones64([2])]);
    return undefined;
  },
  function_without_gradients() {
    return [run([null, null, null]).grad === null];
  },
};
