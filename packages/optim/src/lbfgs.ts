import { quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, cat, Tensor, zeros } from "@flambeau/tensor";
import { checkRange } from "./check.ts";
import { follow } from "./follow.ts";
import type { Arguments, GroupInit, GroupOptions } from "./group.ts";
import { History } from "./lbfgs-history.ts";
import { Optimizer } from "./optimizer.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";
import { keyOf } from "./state-names.ts";
import { run, type Steps } from "./stepwise.ts";
import { type Point, strongWolfe } from "./strong-wolfe.ts";

/** What the one group of {@link LBFGS} has. */
export interface LBFGSGroup extends GroupOptions {
  /** How many iterations a step has at most. */
  maxIter: number;
  /** How many times a step calls the closure at most. */
  maxEval: number;
  /** The largest element of a gradient that counts as zero. */
  toleranceGrad: number;
  /** The change of the loss or of the parameters that counts as none. */
  toleranceChange: number;
  /** How many steps and changes of the gradient are kept. */
  historySize: number;
  /** How the length of a step is chosen: by the strong Wolfe conditions, or (null) it is the learning rate. */
  lineSearchFn: "strong_wolfe" | null;
}

const SIGNATURE =
  "LBFGS(params, lr = 1, maxIter: int = 20, maxEval?: int, toleranceGrad: number = 1e-7, toleranceChange: number = 1e-9, historySize: int = 100, lineSearchFn?: 'strongWolfe'|'strong_wolfe')";

interface Types extends Omit<Arguments<LBFGSGroup>, "lineSearchFn" | "maxEval"> {
  /** How many times a step calls the closure at most. Default: a quarter more than `maxIter`. */
  readonly maxEval?: number | null;
  /** How the length of a step is chosen: by the strong Wolfe conditions, or (null) it is the learning rate. */
  readonly lineSearchFn?: "strongWolfe" | "strong_wolfe" | null;
}

const TENSORS: readonly string[] = ["d", "prevFlatGrad", "hDiag"];
const LISTS: readonly string[] = ["oldDirs", "oldStps", "ro", "al"];

/**
 * L-BFGS: Newton's method with an inverse Hessian made of the last steps and changes of the gradient. A step calls the closure many
 * times; it has one group of parameters, whose state stands under the first of them. Equal to PyTorch's `torch.optim.LBFGS`.
 *
 * Source: Nocedal and Wright, "Numerical Optimization" (2006), algorithms 7.4, 3.5 and 3.6, in the order of PyTorch 1.13's operations.
 *
 * The loss and a few sums have to be read. Where that takes waiting, as on WebGPU, give a closure that returns a promise, and
 * await the step: `await optimizer.step(async () => { ...; return loss; })`.
 *
 * @throws ValueError when there are no parameters, one is no leaf or given twice, there is more than one group, or an option is out
 *   of range. `step`: DeviceError when numbers cannot be read at once and the closure gave no promise.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const w = tensor([3, 2], { requiresGrad: true });
 * const optimizer = new optim.LBFGS([w], { lineSearchFn: "strongWolfe" });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = w.sub(1).square().sum();
 *   loss.backward();
 *   return loss;
 * });
 * console.log(w.detach().round({ decimals: 3 }));
 * // tensor([1., 1.])
 * ```
 */
export class LBFGS extends Optimizer<LBFGSGroup> {
  constructor(...args: Args<typeof SIGNATURE, Types>) {
    const { params, ...given } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
    const maxEval = given.maxEval ?? Math.floor((given.maxIter * 5) / 4);
    const lineSearchFn = given.lineSearchFn == null ? null : "strong_wolfe";
    super(params, { ...given, maxEval, lineSearchFn });
  }

  override addParamGroup(group: GroupInit<LBFGSGroup>): void {
    if (this.paramGroups.length > 0) throw new ValueError("LBFGS has one group of parameters; got more");
    super.addParamGroup(group);
  }

  protected override checkOptions(group: LBFGSGroup): void {
    checkRange("lr of LBFGS", group.lr);
    for (const name of ["maxIter", "maxEval", "historySize"] as const) {
      if (!Number.isInteger(group[name]) || group[name] < 0)
        throw new ValueError(
          `invalid ${name} of LBFGS: expected an integer from 0, got ${quote(group[name])}`,
        );
    }
    for (const name of ["toleranceGrad", "toleranceChange"] as const)
      checkRange(`${name} of LBFGS`, group[name]);
    if (group.lineSearchFn !== null && group.lineSearchFn !== "strong_wolfe") {
      throw new ValueError(
        `invalid lineSearchFn of LBFGS: expected "strongWolfe" or null, got ${quote(group.lineSearchFn)}`,
      );
    }
  }

  protected override numbers(): StateNumbers {
    return { funcEvals: "number", nIter: "number", t: "number", prevLoss: "number" };
  }

  protected override checkState(param: Tensor, state: ParamState, name: string): void {
    const { params } = this.paramGroups[0];
    if (param !== params[0]) throw new ValueError(`${name}: LBFGS has its state under the first parameter`);
    const size = params.reduce((sum, p) => sum + p.numel(), 0);
    for (const [key, value] of Object.entries(state)) {
      const isKnown =
        value === null ||
        (typeof value === "number" && (key in this.numbers() || key === "hDiag")) ||
        (value instanceof Tensor && TENSORS.includes(key)) ||
        (Array.isArray(value) && LISTS.includes(key));
      if (!isKnown) throw new ValueError(`${name}: ${keyOf(key)} is no part of the state of LBFGS`);
      const isFlat = key === "d" || key === "prevFlatGrad";
      if (isFlat && value instanceof Tensor && value.shape.join() !== String(size)) {
        throw new ShapeError(
          `${name}: ${keyOf(key)} has shape [${value.shape.join(", ")}]; for these parameters it is [${size}]`,
        );
      }
    }
  }

  /**
   * Goes on until one of the group's bounds is reached.
   *
   * @param closure - drops the gradients, computes the loss and its gradients anew, and returns the loss, or a promise of it.
   * @returns what the closure returned first; a promise of it where that was one.
   */
  override step<T>(closure?: () => T): T {
    if (typeof closure !== "function") {
      throw new ValueError(
        "step of LBFGS takes a closure that computes loss and gradients anew, as in step(() => { ...; return loss; })",
      );
    }
    return run("LBFGS", this.#steps(), closure);
  }

  *#steps(): Steps<unknown> {
    const [group] = this.paramGroups;
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange } = group;
    const [first] = group.params;
    const state = this.state.get(first) ?? {};
    follow(this, first, state);
    const given = yield "loss";
    let point: Point = { loss: (yield given) as number, grad: this.#gradient() };
    this.state.set(first, state);
    const count = (name: string, more: number): void => {
      state[name] = ((state[name] as number | undefined) ?? 0) + more;
    };
    count("funcEvals", 1);
    count("nIter", 0);
    if (((yield largest(point.grad)) as number) <= toleranceGrad) return given;
    const history = new History(state, group.historySize);
    let [direction, length] = [state.d as Tensor | undefined, (state.t as number | undefined) ?? 0];
    let evaluations = 1;
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      count("nIter", 1);
      const isFirst = state.nIter === 1;
      if (direction === undefined || isFirst) {
        history.clear();
        direction = point.grad.neg();
      } else {
        const change = point.grad.sub(state.prevFlatGrad as Tensor);
        const moved = direction.mul(length);
        if (((yield change.mul(moved).sum()) as number) > 1e-10) history.add(change, moved);
        direction = history.direction(point.grad);
      }
      state.prevFlatGrad = point.grad;
      const lossBefore = point.loss;
      length = isFirst ? Math.min(1, 1 / ((yield point.grad.abs().sum()) as number)) * lr : lr;
      Object.assign(state, { d: direction, t: length, prevLoss: lossBefore });
      const slope = (yield point.grad.mul(direction).sum()) as number;
      if (slope > -toleranceChange) break;
      let calls = 0;
      if (group.lineSearchFn !== null) {
        const origin = group.params.map((p) => p.detach().clone());
        const along = direction;
        const found = yield* strongWolfe({
          ...{ direction, length, start: point, slope, toleranceChange },
          evaluate: (t) => this.#evaluate(origin, along, t),
        });
        ({ point, length, calls } = found);
        this.#move(direction, length);
      } else {
        this.#move(direction, length);
        // The last iteration does not use it.
        if (iteration < maxIter) {
          point = { loss: (yield yield "loss") as number, grad: this.#gradient() };
          calls = 1;
        }
      }
      state.t = length;
      evaluations += calls;
      count("funcEvals", calls);
      if (iteration === maxIter || evaluations >= maxEval) break;
      if (((yield largest(point.grad)) as number) <= toleranceGrad) break;
      if (((yield largest(direction.mul(length))) as number) <= toleranceChange) break;
      if (Math.abs(point.loss - lossBefore) < toleranceChange) break;
    }
    return given;
  }

  /** All gradients in one vector, zero where there is none. */
  #gradient(): Tensor {
    const parts = this.paramGroups[0].params.map((p) => {
      const { dtype, device } = p;
      return p.grad?.detach().reshape([p.numel()]) ?? zeros([p.numel()], { dtype, device });
    });
    return cat(parts).clone();
  }

  #move(direction: Tensor, length: number): void {
    let start = 0;
    for (const p of this.paramGroups[0].params) {
      p.add_(direction.narrow(0, start, p.numel()).reshape(p.shape).mul(length));
      start += p.numel();
    }
  }

  /** Loss and gradient so far along a direction; the parameters come back. */
  *#evaluate(origin: readonly Tensor[], direction: Tensor, length: number): Steps<Point> {
    this.#move(direction, length);
    const loss = (yield yield "loss") as number;
    const grad = this.#gradient();
    for (const [i, p] of this.paramGroups[0].params.entries()) p.copy_(origin[i]);
    return { loss, grad };
  }
}

function largest(x: Tensor): Tensor {
  return x.abs().max();
}
