/** The optimizers of tests/fixtures/optimizers.json, and the small regression that each of them is given. */
import { optim, Tensor, tensor } from "flambeau";
import fixture from "../../fixtures/optimizers.json" with { type: "json" };
import { special, type Written } from "./record.ts";

export interface OptimizerCase {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The parameters after some of the steps, by their number. */
  readonly after: Readonly<Record<string, readonly Written[]>>;
  /** By the number of the parameter, after the last step. */
  readonly state: Readonly<Record<string, Readonly<Record<string, Written | readonly Written[]>>>>;
  /** How many steps there are. */
  readonly steps?: number;
  /** How many of the parameters are trained. */
  readonly only?: number;
}

/** A function of gradients, with what it leaves of them and what it returns. */
export interface ClipCase {
  readonly clip: "clipGradNorm_" | "clipGradsWithNorm_" | "clipGradValue_" | "getTotalNorm";
  readonly args: readonly unknown[];
  readonly grads: readonly (Written | null)[];
  readonly total: Written | null;
}

export const optimizerCases = fixture.cases as unknown as readonly OptimizerCase[];
/** A table of vectors, first as it is, then after each step of `SparseAdam`, which reads some of its rows. */
export const tableSteps = fixture.table as unknown as readonly {
  readonly words: readonly number[];
  readonly rows: Written;
}[];
export const clipCases = fixture.clips as unknown as readonly ClipCase[];
export const steps = 25;

/** Where a training runs. */
export interface Place {
  readonly dtype: "float32" | "float64";
  readonly device: string;
}

const made = ([, shape, values]: Written, place: Place): Tensor =>
  tensor(Float64Array.from(values, Number), place).reshape(shape).detach();

/** The parameters of the regression and their gradients. */
export class Regression {
  readonly parameters: Tensor[];
  readonly #data: readonly Tensor[];

  constructor(place: Place, start = fixture.start.map((x) => made(x as unknown as Written, place))) {
    this.parameters = start.map((p) => p.detach().clone().requiresGrad_());
    this.#data = fixture.data.map((x) => made(x as unknown as Written, place));
  }

  /** Sets the gradients of a step, and gives the loss; in every third one the last parameter has none. */
  gradients(step: number): Tensor {
    const [weight, bias, offset] = this.parameters;
    const [x, y] = this.#data;
    for (const p of this.parameters) p.grad = null;
    const loss = x.matmul(weight.t()).add(bias).sub(y).square().mean();
    const all = step % 3 === 1 ? loss : loss.add(offset.sub(0.25).square());
    all.backward();
    return all.detach();
  }
}

/** One step; L-BFGS computes the gradients as often as it likes, and on a GPU waits for numbers. */
export async function takeStep(
  regression: Regression,
  optimizer: optim.Optimizer,
  step: number,
): Promise<void> {
  regression.gradients(step);
  if (optimizer instanceof optim.LBFGS) await optimizer.step(async () => regression.gradients(step));
  else optimizer.step();
}

type Make = new (params: Iterable<Tensor>, options: object) => optim.Optimizer;

export function optimizerOf(
  { optimizer, options, only }: OptimizerCase,
  params: readonly Tensor[],
): optim.Optimizer {
  return new (optim as unknown as Record<string, Make>)[optimizer](params.slice(0, only), options);
}

export function clip({ clip, args }: ClipCase, params: readonly Tensor[]): unknown {
  const read = args.map((arg) =>
    typeof arg === "object"
      ? Object.fromEntries(Object.entries(arg as object).map(([key, value]) => [key, special(value)]))
      : special(arg),
  );
  const grads = params.flatMap(({ grad }) => (grad === null ? [] : [grad]));
  if (clip === "getTotalNorm") return optim.getTotalNorm(grads, ...(read as [number?]));
  if (clip === "clipGradsWithNorm_") read[1] = tensor(read[1] as number, { dtype: grads[0].dtype });
  return (optim[clip] as unknown as (...all: unknown[]) => unknown)(params, ...read);
}

/** The elements of a tensor or a number, wherever it is. */
export async function numbersOf(x: Tensor | number): Promise<number[]> {
  return x instanceof Tensor ? Array.from(await x.detach().data(), Number) : [x];
}
