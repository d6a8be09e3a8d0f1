import type { Tensor } from "@flambeau/tensor";
import type { ParamState } from "./state-dict.ts";

/** The last steps and changes of the gradient, kept in a parameter's state under PyTorch's names. */
export class History {
  readonly #state: ParamState;
  readonly #size: number;

  constructor(state: ParamState, size: number) {
    this.#state = state;
    this.#size = size;
  }

  #list(name: string): Tensor[] {
    this.#state[name] ??= [];
    return this.#state[name] as Tensor[];
  }

  /** Removes all of them. */
  clear(): void {
    Object.assign(this.#state, { oldDirs: [], oldStps: [], ro: [], hDiag: 1 });
  }

  /** A change of the gradient and the step that made it; the oldest make room. */
  add(change: Tensor, step: Tensor): void {
    const lists = ["oldDirs", "oldStps", "ro"].map((name) => this.#list(name));
    if (lists[0].length === this.#size) for (const list of lists) list.shift();
    const product = change.mul(step).sum();
    for (const [i, entry] of [change, step, product.reciprocal()].entries()) lists[i].push(entry);
    this.#state.hDiag = product.div(change.square().sum());
  }

  /** The inverse Hessian times the negative gradient. Source: Nocedal and Wright 2006, algorithm 7.4. */
  direction(gradient: Tensor): Tensor {
    const [changes, steps, ro] = ["oldDirs", "oldStps", "ro"].map((name) => this.#list(name));
    this.#state.al ??= new Array<null>(this.#size).fill(null);
    const al = this.#state.al as (Tensor | null)[];
    let q = gradient.neg();
    for (let i = steps.length - 1; i >= 0; i--) {
      const alpha = steps[i].mul(q).sum().mul(ro[i]);
      q = q.sub(changes[i].mul(alpha));
      al[i] = alpha;
    }
    let r = q.mul(this.#state.hDiag as Tensor | number);
    for (let i = 0; i < steps.length; i++) {
      const beta = changes[i].mul(r).sum().mul(ro[i]);
      r = r.add(steps[i].mul((al[i] as Tensor).sub(beta)));
    }
    return r;
  }
}
