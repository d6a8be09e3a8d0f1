import { ArgumentError, IndexError, quote } from "@flambeau/backend";
import { type Args, bind, eye, stack, type Tensor, zeros, zerosLike } from "@flambeau/tensor";
import { checkInputs } from "./check.ts";
import { linearize, type Outputs } from "./linearize.ts";
import { reversed } from "./vjp.ts";

/** A function of tensors and of other things that it is not differentiated by. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are the user's
type Fn = (...args: any[]) => Outputs;

/** What the functions here take. */
interface Types {
  /** What is differentiated: it gives a tensor or an array of tensors. */
  readonly func: Fn;
  /** By which argument, or which ones; negative ones count from the end. Default 0. */
  readonly argnums: number | readonly number[];
}

const JACREV = "jacrev(func, argnums: int|ints = 0)";
const JACFWD = "jacfwd(func, argnums: int|ints = 0)";
const HESSIAN = "hessian(func, argnums: int|ints = 0)";

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
  if (new Set(places).size < places.length)
    throw new ArgumentError(`${what}: argnums are different arguments; got ${quote(argnums)}`);
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
 * @throws IndexError when there is no such argument, ArgumentError when one is given twice; DTypeError and AutogradError as `vjp`.
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
export function jacrev(...given: Args<typeof JACREV, Types>): (...args: unknown[]) => Jacobian {
  const { func, argnums } = bind<typeof JACREV, Types>(JACREV, given);
  return inReverse("jacrev", func, argnums);
}

function inReverse(what: string, func: Fn, argnums: Types["argnums"]): (...args: unknown[]) => Jacobian {
  return (...args) => {
    const { inputs, fn } = partial(what, func, args, argnums);
    const { outputs, isList, pull } = reversed(what, fn, inputs);
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
 * @throws IndexError when there is no such argument; ArgumentError when one is given twice; DTypeError when one is no tensor; AutogradError as `jvp`.
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
export function jacfwd(...given: Args<typeof JACFWD, Types>): (...args: unknown[]) => Jacobian {
  const { func, argnums } = bind<typeof JACFWD, Types>(JACFWD, given);
  return forward("jacfwd", func, argnums);
}

function forward(what: string, func: Fn, argnums: Types["argnums"]): (...args: unknown[]) => Jacobian {
  return (...args) => {
    const { inputs, fn } = partial(what, func, args, argnums);
    const { outputs, isList, push } = linearize(what, fn, inputs);
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
 * @throws IndexError when there is no such argument; ArgumentError when one is given twice; DTypeError when one is no tensor; AutogradError as `jvp`.
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
export function hessian(...given: Args<typeof HESSIAN, Types>): (...args: unknown[]) => Jacobian {
  const { func, argnums } = bind<typeof HESSIAN, Types>(HESSIAN, given);
  return forward("hessian", inReverse("hessian", func, argnums), argnums);
}
