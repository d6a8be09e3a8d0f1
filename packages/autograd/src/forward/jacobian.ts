import { IndexError, quote, ShapeError } from "@flambeau/backend";
import { eye, onesLike, stack, type Tensor, zeros, zerosLike } from "@flambeau/tensor";
import { checkInputs, fitting } from "./check.ts";
import { linearize, type Outputs } from "./linearize.ts";
import { reversed } from "./vjp.ts";

/** A function of tensors and of other things that it is not differentiated by. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are the user's
type Fn = (...args: any[]) => Outputs;

/** The arguments that a function is differentiated by, and the function of them alone. */
function partial(
  what: string,
  func: Fn,
  args: readonly unknown[],
  argnums: number | readonly number[],
): { inputs: Tensor[]; fn: (...inputs: Tensor[]) => Outputs } {
  const places = (typeof argnums === "number" ? [argnums] : argnums).map((place) => {
    const at = place < 0 ? place + args.length : place;
    if (!Number.isInteger(at) || at < 0 || at >= args.length)
      throw new IndexError(`${what}: there is no argument ${quote(place)} among ${args.length}`);
    return at;
  });
  const inputs = places.map((at) => args[at] as Tensor);
  checkInputs(what, inputs);
  const fn = (...moved: Tensor[]): Outputs => {
    const all = args.slice();
    places.forEach((at, k) => {
      all[at] = moved[k];
    });
    return func(...all);
  };
  return { inputs, fn };
}

/** Each row of the identity matrix in a tensor's shape: the directions of its elements. */
function directionsOf(x: Tensor): Tensor[] {
  const n = x.numel();
  if (n === 0) return [];
  return eye(n, { dtype: x.dtype, device: x.device })
    .unbind()
    .map((row) => row.reshape(x.shape));
}

/** Jacobians by output and by argument, as a function's own results and `argnums` are: a tensor or an array each. */
function nested(
  isList: boolean,
  argnums: number | readonly number[],
  jacobian: (output: number, input: number) => Tensor,
  counts: readonly [outputs: number, inputs: number],
): unknown {
  const of = (output: number): unknown =>
    typeof argnums === "number"
      ? jacobian(output, 0)
      : Array.from({ length: counts[1] }, (_, input) => jacobian(output, input));
  return isList ? Array.from({ length: counts[0] }, (_, output) => of(output)) : of(0);
}

/** What `jacrev`, `jacfwd` and `hessian` give: a tensor, or arrays of them where the function or `argnums` has several. */
// biome-ignore lint/suspicious/noExplicitAny: as nested as the function's results and argnums are
type Jacobian = any;

/**
 * The function that gives the Jacobian of another at its arguments, `[...output, ...input]`, row by row in reverse: PyTorch's
 * `torch.func.jacrev`. It pays where there are fewer outputs than inputs. `argnums` says by which argument, or which of them.
 *
 * @throws IndexError when there is no such argument; AutogradError as `vjp`.
 *
 * @example
 * ```ts
 * import { jacrev, tensor } from "flambeau";
 *
 * const jacobian = jacrev((x) => x.square());
 * console.log(String(jacobian(tensor([1, 2]))));
 * // tensor([[2., 0.],
 * //         [0., 4.]])
 * ```
 */
export function jacrev(func: Fn, argnums: number | readonly number[] = 0): (...args: unknown[]) => Jacobian {
  return (...args) => {
    const { inputs, fn } = partial("jacrev", func, args, argnums);
    const { outputs, isList, pull } = reversed("jacrev", fn, inputs);
    const rows = outputs.map((y, k) =>
      directionsOf(y).map((row) =>
        pull(outputs.map((other, m) => (m === k ? row : zerosLike(other.detach())))),
      ),
    );
    const jacobian = (output: number, input: number): Tensor => {
      const shape = [...outputs[output].shape, ...inputs[input].shape];
      return columnsOf(
        rows[output].map((row) => row[input]),
        0,
        shape,
        inputs[input],
      );
    };
    return nested(isList, argnums, jacobian, [outputs.length, inputs.length]);
  };
}

/**
 * As `jacrev`, column by column in forward mode: PyTorch's `torch.func.jacfwd`. The function runs once. It pays where there are fewer
 * inputs than outputs.
 *
 * @throws IndexError when there is no such argument; AutogradError as `jvp`.
 *
 * @example
 * ```ts
 * import { jacfwd, tensor } from "flambeau";
 *
 * const jacobian = jacfwd((x) => x.sin().mul(2));
 * console.log(String(jacobian(tensor(0))));
 * // tensor(2.)
 * ```
 */
export function jacfwd(func: Fn, argnums: number | readonly number[] = 0): (...args: unknown[]) => Jacobian {
  return (...args) => {
    const { inputs, fn } = partial("jacfwd", func, args, argnums);
    const { outputs, isList, push } = linearize("jacfwd", fn, inputs);
    const columns = inputs.map((x, k) =>
      directionsOf(x).map((column) => push(inputs.map((_, m) => (m === k ? column : null)))),
    );
    const jacobian = (output: number, input: number): Tensor => {
      const y = outputs[output];
      const found = columns[input].map((column) => column[output] ?? zerosLike(y.detach()));
      return columnsOf(found, y.ndim, [...y.shape, ...inputs[input].shape], y);
    };
    return nested(isList, argnums, jacobian, [outputs.length, inputs.length]);
  };
}

function columnsOf(all: readonly Tensor[], dim: number, shape: readonly number[], like: Tensor): Tensor {
  if (all.length === 0) return zeros(shape, { dtype: like.dtype, device: like.device });
  return stack(all, dim).reshape(shape);
}

/**
 * The function that gives the second derivatives of another: `jacfwd` of `jacrev`, as PyTorch's `torch.func.hessian`.
 *
 * @throws IndexError when there is no such argument; AutogradError as `jvp`.
 *
 * @example
 * ```ts
 * import { hessian, tensor } from "flambeau";
 *
 * console.log(String(hessian((x) => x.prod())(tensor([1, 2, 3]))));
 * // tensor([[0., 3., 2.],
 * //         [3., 0., 1.],
 * //         [2., 1., 0.]])
 * ```
 */
export function hessian(func: Fn, argnums: number | readonly number[] = 0): (...args: unknown[]) => Jacobian {
  return jacfwd(jacrev(func, argnums), argnums);
}

/**
 * A function of one element at a point, and the product of its Hessian with vectors: PyTorch's
 * `torch.autograd.functional.hvp`, by a tangent through the gradient, so that the Hessian is never computed.
 *
 * @throws ShapeError when the function gives more than one element, or a vector does not fit; AutogradError as `jvp`.
 *
 * @example
 * ```ts
 * import { hvp, tensor } from "flambeau";
 *
 * const [value, product] = hvp((x) => x.pow(3).sum(), [tensor([1, 2])], [tensor([1, 1])]);
 * console.log(String(value), product.map(String));
 * // tensor(9.) [ 'tensor([ 6., 12.])' ]
 * ```
 */
export function hvp(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  v: readonly Tensor[],
): [output: Tensor, product: Tensor[]] {
  checkInputs("hvp", inputs);
  const vectors = fitting("hvp", "vectors", inputs, v);
  const gradient = (...xs: Tensor[]): Tensor[] => {
    const { outputs, pull } = reversed("hvp", func, xs);
    if (outputs.length !== 1 || outputs[0].numel() !== 1)
      throw new ShapeError("hvp: the function gives one element, whose second derivatives are a matrix");
    return [...outputs, ...pull([onesLike(outputs[0].detach())])];
  };
  const { outputs, push } = linearize("hvp", gradient, inputs);
  const product = push(vectors).slice(1);
  return [outputs[0], product.map((x, k) => x ?? zerosLike(inputs[k].detach()))];
}
