import { AutogradError, DTypeError, isFloat } from "@flambeau/backend";
import { randLike, Tensor, zerosLike } from "@flambeau/tensor";
import { grad } from "./grad.ts";
import { enableGrad, noGrad } from "./mode.ts";

/** Options of `gradcheck`. */
export interface GradcheckOptions {
  /** How far inputs are moved to either side. Default 1e-6. */
  readonly eps?: number;
  /** How far apart the two may be. Default 1e-5. */
  readonly atol?: number;
  /** The same as a part of the larger. Default 1e-3. */
  readonly rtol?: number;
  /** Throw when the check fails instead of giving false. Default true. */
  readonly raiseException?: boolean;
}

/** The function under test: tensors to one or more tensors. */
export type CheckedFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

function listOf(x: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(x) ? x : [x as Tensor];
}

/**
 * Compares the gradients of a function with central finite differences, element by element, in float64.
 *
 * @param inputs - tensors on a device that can be read at once; those that require a gradient are checked.
 * @returns true, or false when they differ and `raiseException` is false.
 * @throws AutogradError that names the first element that differs; DTypeError when an input to check is not float64.
 *
 * @example
 * ```ts
 * import { gradcheck, tensor } from "flambeau";
 *
 * const x = tensor([0.5, -1], { dtype: "float64", requiresGrad: true });
 * console.log(gradcheck((x) => x.sin().mul(x), [x]));
 * // true
 * ```
 */
export function gradcheck(
  f: CheckedFunction,
  inputs: Tensor | readonly Tensor[],
  options: GradcheckOptions = {},
): boolean {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, raiseException = true } = options;
  const ins = listOf(inputs);
  const checked = ins.filter((x) => x.requiresGrad);
  if (checked.length === 0) throw new AutogradError("gradcheck: no input requires a gradient");
  for (const x of checked) {
    if (x.dtype !== "float64") throw new DTypeError(`gradcheck takes float64 inputs; one is ${x.dtype}`);
  }
  const outputs = enableGrad(() => listOf(f(...ins)));
  for (const [o, output] of outputs.entries()) {
    if (!isFloat(output.dtype)) continue;
    const analytic = jacobian(output, checked);
    for (const [i, input] of checked.entries()) {
      const numeric = differences(f, ins, input, o, output.numel(), eps);
      for (let e = 0; e < numeric.length; e++) {
        if (close(analytic[i][e], numeric[e], atol, rtol)) continue;
        if (!raiseException) return false;
        const [row, column] = [Math.floor(e / input.numel()), e % input.numel()];
        throw new AutogradError(
          `gradcheck: the derivative of output ${o}, element ${row}, with respect to input ${ins.indexOf(input)}, element ${column}, is ${analytic[i][e]}; finite differences give ${numeric[e]}`,
        );
      }
    }
  }
  return true;
}

function close(a: number, b: number, atol: number, rtol: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
}

/** For each input, the derivatives of every element of the output (rows) by every element of the input (columns). */
function jacobian(output: Tensor, inputs: readonly Tensor[]): Float64Array[] {
  const rows = output.numel();
  const out = inputs.map((x) => new Float64Array(rows * x.numel()));
  if (!output.requiresGrad) return out;
  for (let row = 0; row < rows; row++) {
    const pick = zerosLike(output.detach()).contiguous();
    pick.view([-1]).set([row], 1);
    const grads = grad(output, inputs, { gradOutputs: pick, retainGraph: true, materializeGrads: true });
    grads.forEach((g, i) => {
      out[i].set(g.detach().dataSync() as Float64Array, row * g.numel());
    });
  }
  return out;
}

function differences(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  input: Tensor,
  output: number,
  rows: number,
  eps: number,
): Float64Array {
  const columns = input.numel();
  const out = new Float64Array(rows * columns);
  const values = input.dataSync() as Float64Array;
  return noGrad(() => {
    const at = (column: number, delta: number): Float64Array => {
      const moved = input.detach().clone();
      const flat = values.slice();
      flat[column] += delta;
      moved.view([-1]).copy_(new Tensor(moved.storage.backend.upload("float64", flat), [columns]));
      const args = inputs.map((x) => (x === input ? moved : x.detach()));
      return listOf(f(...args))[output].dataSync() as Float64Array;
    };
    for (let column = 0; column < columns; column++) {
      const above = at(column, eps);
      const below = at(column, -eps);
      for (let row = 0; row < rows; row++)
        out[row * columns + column] = (above[row] - below[row]) / (2 * eps);
    }
    return out;
  });
}

/**
 * As `gradcheck`, for the gradients' own gradients: checks the derivative of the gradient along random directions.
 *
 * @throws AutogradError and DTypeError as `gradcheck`.
 *
 * @example
 * ```ts
 * import { gradgradcheck, tensor } from "flambeau";
 *
 * const x = tensor([0.5, -1, 2], { dtype: "float64", requiresGrad: true });
 * console.log(gradgradcheck((x) => x.sigmoid().mul(x), x));
 * // true
 * ```
 */
export function gradgradcheck(
  f: CheckedFunction,
  inputs: Tensor | readonly Tensor[],
  options: GradcheckOptions = {},
): boolean {
  const ins = listOf(inputs);
  const outputs = listOf(f(...ins)).filter((y) => y.requiresGrad);
  const directions = outputs.map((y) => randLike(y.detach()).add(0.5).requiresGrad_());
  const first = (...args: Tensor[]): readonly Tensor[] => {
    const xs = args
      .slice(0, ins.length)
      .map((x) => (x.requiresGrad ? x : x.detach().requiresGrad_(x.dtype === "float64")));
    return enableGrad(() => {
      const ys = listOf(f(...xs)).filter((y) => y.requiresGrad);
      const wanted = xs.filter((_, i) => ins[i].requiresGrad);
      return grad(ys, wanted, {
        gradOutputs: args.slice(ins.length),
        createGraph: true,
        materializeGrads: true,
      });
    });
  };
  return gradcheck(first, [...ins, ...directions], options);
}
