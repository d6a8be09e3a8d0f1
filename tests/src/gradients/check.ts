/**
 * Gradients of a case against central finite differences, first and second order. No runtime or device is named here, so
 * that the same check runs wherever tensors do.
 */
import { grad, noGrad } from "@flambeau/autograd";
import { type DType, formatShape } from "@flambeau/backend";
import { onesLike, Tensor, tensor } from "@flambeau/tensor";
import { type Case, describeCase, inputOf, leafOf, leafShape } from "../samples/index.ts";

/**
 * Central differences with a step of 1e-5 in float64 are wrong by about 1e-10 times the third derivative (truncation) and
 * 1e-11 times the values (rounding); derivatives of the samples stay below 1000. A wrong sign or factor shows as soon as
 * a derivative is above a few millionths; values are drawn around 1.
 */
export const step = 1e-5;
export const tolerance = 1e-6;
/** The compiled formula and the recorded ops compute the same thing in another order. */
const rounding = 1e-11;
/** All elements are moved one by one up to this number of them; beyond, all together in one direction. */
export const columns = 12;

export interface CheckOptions {
  readonly smooth?: boolean;
  readonly step?: number;
}

export type Values = readonly (readonly number[])[];

/** A small generator of multiples of an eighth in [-1, 1] other than zero: exact in float32, too. */
export function eighths(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const k = (state >>> 16) % 16;
    return (k < 8 ? k - 8 : k - 7) / 8;
  };
}

const listOf = (x: Tensor | readonly Tensor[]): readonly Tensor[] => (x instanceof Tensor ? [x] : x);
export const numbers = (x: Tensor): Float64Array => x.detach().double().dataSync() as Float64Array;
export const moved = (values: Values, directions: Values, by: number): number[][] =>
  values.map((list, k) => list.map((v, i) => v + by * directions[k][i]));

/** Everything about one case that is computed more than once. */
export class Probe {
  readonly case: Case;
  readonly dtype: DType;
  readonly device: string;
  constructor(c: Case, dtype: DType = "float64", device = "cpu") {
    this.case = c;
    this.dtype = dtype;
    this.device = device;
  }

  run(values: Values, requiresGrad: boolean): { leaves: Tensor[]; outputs: readonly Tensor[] } {
    const { dtype, device } = this;
    const leaves = this.case.inputs.map((input, k) =>
      leafOf(input, values[k], dtype, device).requiresGrad_(requiresGrad),
    );
    const outputs = listOf(this.case.call(...leaves.map((leaf, k) => inputOf(this.case.inputs[k], leaf))));
    return { leaves, outputs };
  }

  /** The outputs' elements, all in one array. */
  values(at: Values): number[] {
    return noGrad(() => this.run(at, false).outputs.flatMap((o) => [...numbers(o)]));
  }

  /** The compiled backward pass: the gradient of every leaf. */
  gradients(at: Values, weights: readonly Tensor[]): number[][] {
    const { leaves, outputs } = this.run(at, true);
    return gradientsOf(outputs, leaves, weights).map((g) => [...numbers(g)]);
  }
}

export function gradientsOf(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  weights: readonly Tensor[],
  createGraph = false,
): Tensor[] {
  const tracked = outputs.map((_, i) => i).filter((i) => outputs[i].requiresGrad);
  const roots = tracked.map((i) => outputs[i]);
  return grad(roots, inputs, {
    gradOutputs: tracked.map((i) => weights[i]),
    createGraph,
    retainGraph: true,
    materializeGrads: true,
  });
}

/**
 * Derivatives of <gradients, u>: by the inputs that is the Hessian's product with u, by the weights the outputs' slope along u.
 * Zeros where no gradient depends on what it was computed from.
 */
export function derivativesOf(
  gradients: readonly Tensor[],
  u: readonly Tensor[],
  wanted: readonly Tensor[],
): Tensor[] {
  const products = gradients.map((g, k) => g.mul(u[k]).sum()).filter((s) => s.requiresGrad);
  if (products.length === 0) return wanted.map((x) => x.detach().mul(0));
  return gradientsOf(
    products,
    wanted,
    products.map((p) => onesLike(p)),
  );
}

export function compare(
  what: string,
  c: Case,
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  allowed: number,
): void {
  if (got.length !== wanted.length)
    throw new Error(`${what}: ${got.length} values, not ${wanted.length}; ${describeCase(c)}`);
  for (let i = 0; i < got.length; i++) {
    if (Math.abs(got[i] - wanted[i]) <= allowed * Math.max(1, Math.abs(wanted[i]))) continue;
    throw new Error(`${what}: element ${i} is ${got[i]}, should be ${wanted[i]}; ${describeCase(c)}`);
  }
}

/**
 * Checks one case; `seed` chooses the weights of the outputs and the directions.
 *
 * @throws Error that names the element and the case.
 */
export function checkGradients(c: Case, seed: number, options: CheckOptions = {}): void {
  const h = options.step ?? step;
  const draw = eighths(seed);
  const probe = new Probe(c);
  const at = c.inputs.map((input) => input.values);
  const { leaves, outputs } = probe.run(at, true);
  if (!outputs.some((o) => o.requiresGrad))
    throw new Error(`no output requires a gradient; ${describeCase(c)}`);
  const weights = outputs.map((o) =>
    tensor(Float64Array.from({ length: o.numel() }, draw))
      .reshape(o.shape)
      .requiresGrad_(),
  );
  const directions = at.map((list) => list.map(draw));

  const first = gradientsOf(
    outputs,
    leaves,
    weights.map((w) => w.detach()),
  );
  first.forEach((g, k) => {
    const shape = leafShape(c.inputs[k]);
    if (formatShape(g.shape) !== formatShape(shape) || g.dtype !== "float64" || g.requiresGrad) {
      throw new Error(
        `the gradient of input ${k} is ${g.dtype} ${formatShape(g.shape)}, requiresGrad ${g.requiresGrad}; ${describeCase(c)}`,
      );
    }
  });

  const flatWeights = weights.flatMap((w) => [...numbers(w)]);
  const slope = (along: Values): { outputs: number[]; total: number } => {
    const above = probe.values(moved(at, along, h));
    const below = probe.values(moved(at, along, -h));
    const change = above.map((v, i) => (v - below[i]) / (2 * h));
    return { outputs: change, total: change.reduce((sum, d, i) => sum + d * flatWeights[i], 0) };
  };
  const count = at.reduce((n, list) => n + list.length, 0);
  if (count <= columns) {
    const numeric = at.map((list, k) =>
      list.map(
        (_, i) => slope(at.map((other, m) => other.map((__, j) => (m === k && j === i ? 1 : 0)))).total,
      ),
    );
    first.forEach((g, k) => {
      compare(`the gradient of input ${k}`, c, numbers(g), numeric[k], tolerance);
    });
  } else {
    const total = first.reduce(
      (sum, g, k) => sum + numbers(g).reduce((s, v, i) => s + v * directions[k][i], 0),
      0,
    );
    // The errors of the elements add up.
    compare(
      "the gradient along a direction",
      c,
      [total],
      [slope(directions).total],
      tolerance * Math.sqrt(count),
    );
  }

  const recorded = gradientsOf(outputs, leaves, weights, true);
  recorded.forEach((g, k) => {
    compare(`the recorded gradient of input ${k}`, c, numbers(g), numbers(first[k]), rounding);
  });
  if (options.smooth === false) return;

  const second = derivativesOf(
    recorded,
    directions.map((list, k) => tensor(Float64Array.from(list)).reshape(leafShape(c.inputs[k]))),
    [...leaves, ...weights],
  );
  const before = probe.gradients(moved(at, directions, -h), weights);
  const after = probe.gradients(moved(at, directions, h), weights);
  leaves.forEach((_, k) => {
    const numeric = after[k].map((v, i) => (v - before[k][i]) / (2 * h));
    compare(`the second derivative by input ${k}`, c, numbers(second[k]), numeric, tolerance);
  });
  const got = second.slice(leaves.length).flatMap((g) => [...numbers(g)]);
  compare(
    "the derivative of the gradient by the outputs' gradient",
    c,
    got,
    slope(directions).outputs,
    tolerance,
  );
}
