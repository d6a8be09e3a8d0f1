import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import type { Model } from "./model.ts";

/**
 * A model of one hidden layer, as `plotNodes` needs it: callable, and able to list the modules it is made of.
 */
export interface NodesModel extends Model {
  /** The modules, in any order. */
  modules(): Iterable<unknown>;
}

/** A linear layer, told by what it has rather than by its class. */
interface LinearLike extends Model {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
}

/** The parts of a network of one hidden layer, in the order in which data pass them. */
export interface HiddenLayer {
  readonly first: LinearLike;
  readonly activation: Model;
  readonly last: LinearLike;
}

function isLinear(module: object): module is LinearLike {
  return (module as LinearLike).weight?.shape?.length === 2;
}

/** A module that holds no other and has no weight: an activation, in the networks at hand. */
function isLeaf(module: object): module is Model {
  const { modules } = module as { modules?: () => Iterable<unknown> };
  return modules === undefined || [...modules.call(module)].length === 1;
}

/**
 * Finds the two linear layers and the activation of a model, whether it holds them in a Sequential or as
 * fields.
 *
 * @throws ValueError when the model has another form
 */
export function hiddenLayer(model: NodesModel): HiddenLayer {
  if (typeof model !== "function" || typeof model.modules !== "function") {
    throw new ValueError("plotNodes needs a module: something callable that has modules()");
  }
  const modules = [...model.modules()].filter((module): module is object => module instanceof Object);
  const linears = modules.filter(isLinear);
  const activations = modules.filter(
    (module) => !isLinear(module) && isLeaf(module) && module !== model,
  ) as Model[];
  if (linears.length !== 2 || activations.length !== 1) {
    throw new ValueError(
      "plotNodes needs one hidden layer, that is linear, activation, linear; " +
        `this model has ${linears.length} linear layers and ${activations.length} other modules`,
    );
  }
  const [first, last] = linears;
  const [hidden, inputs] = first.weight.shape;
  const [outputs, features] = last.weight.shape;
  if (inputs !== 1 || outputs !== 1 || features !== hidden) {
    throw new ValueError(
      "plotNodes draws networks of one input and one output, " +
        `got layers of ${inputs} to ${hidden} and ${features} to ${outputs} features`,
    );
  }
  return { first, activation: activations[0], last };
}
