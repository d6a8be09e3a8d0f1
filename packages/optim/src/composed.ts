import { enableGrad, noGrad } from "@flambeau/autograd";
import { ShapeError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import { follow } from "./follow.ts";
import type { GroupOptions, ParamGroup } from "./group.ts";
import { Optimizer } from "./optimizer.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";
import { keyOf, wrongEntry } from "./state-names.ts";

/** The base of optimizers that update one parameter after the other with operations on tensors. */
export abstract class ComposedOptimizer<O extends GroupOptions> extends Optimizer<O> {
  /** The shapes of the state's tensors by name, for a parameter. */
  protected abstract stateShapes(param: Tensor): Readonly<Record<string, readonly number[]>>;

  /** One parameter's step, without recording. */
  protected abstract update(group: ParamGroup<O>, param: Tensor, grad: Tensor, state: ParamState): void;

  protected override numbers(): StateNumbers {
    return { step: "tensor" };
  }

  override step<T = undefined>(closure?: () => T): T | undefined {
    const loss = closure === undefined ? undefined : enableGrad(closure);
    noGrad(() => {
      for (const group of this.paramGroups) {
        for (const param of group.params) {
          const { grad } = param;
          if (grad === null) continue;
          const state = this.state.get(param) ?? {};
          follow(this, param, state);
          this.state.set(param, state);
          this.update(group, param, grad.detach(), state);
        }
      }
    });
    return loss;
  }

  protected override checkState(param: Tensor, state: ParamState, name: string): void {
    const shapes = this.stateShapes(param);
    for (const [key, value] of Object.entries(state)) {
      if (value === null || (key in this.numbers() && typeof value === "number")) continue;
      if (!(key in shapes) || !(value instanceof Tensor)) {
        throw wrongEntry(`${name}: ${keyOf(key)}`, this.constructor.name, Object.keys(shapes), key, value);
      }
      if (value.shape.join() !== shapes[key].join()) {
        throw new ShapeError(
          `${name}: ${keyOf(key)} has shape [${value.shape.join(", ")}]; for a parameter [${param.shape.join(", ")}] it is [${shapes[key].join(", ")}]`,
        );
      }
    }
  }
}
