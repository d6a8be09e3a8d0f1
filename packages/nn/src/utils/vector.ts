import { ArgumentError, DTypeError, numel, ShapeError } from "@flambeau/backend";
import { type Callable, callable, cat, describeValue, Tensor } from "@flambeau/tensor";

interface Types {
  /** The parameters. */
  readonly parameters: Iterable<Tensor>;
}

function listOf(what: string, parameters: Iterable<Tensor>): Tensor[] {
  const list = [...parameters];
  const other = list.find((x) => !(x instanceof Tensor));
  if (list.length > 0 && other === undefined) return list;
  const got = list.length === 0 ? "nothing" : describeValue(other);
  throw new ArgumentError(`${what}: parameters are tensors, as model.parameters() gives them; got ${got}`);
}

const TO_VECTOR = "parametersToVector(parameters: parameters)";

/**
 * All elements of the parameters one after another, as one vector: `torch.nn.utils.parameters_to_vector`. It has a gradient.
 *
 * @throws ArgumentError when there are none, or something is no tensor; DeviceError when they are on different devices.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
 * console.log(nn.utils.parametersToVector(model.parameters()).shape);
 * // [ 13 ]
 * ```
 */
export const parametersToVector: Callable<typeof TO_VECTOR, Tensor, Types> = callable<
  typeof TO_VECTOR,
  Tensor,
  Types
>(TO_VECTOR, (parameters) => cat(listOf("parametersToVector", parameters).map((x) => x.reshape([-1]))));

const FROM_VECTOR = "vectorToParameters(vec: tensor, parameters: parameters)";

/**
 * Lets the parameters go on with the elements of a vector, in order: `torch.nn.utils.vector_to_parameters`. As there they share its memory,
 * and nothing is recorded.
 *
 * @throws ShapeError when it is no vector of as many elements as the parameters have; DTypeError when its dtype is not theirs;
 *   ArgumentError when something is no tensor. Nothing has changed then.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const vector = nn.utils.parametersToVector(model.parameters());
 * nn.utils.vectorToParameters(vector.detach().fill_(1), model.parameters());
 * console.log(String(model.weight.detach()), String(model.bias?.detach()));
 * // tensor([[1., 1.]]) tensor([1.])
 * ```
 */
export const vectorToParameters: Callable<typeof FROM_VECTOR, void, Types> = callable<
  typeof FROM_VECTOR,
  void,
  Types
>(FROM_VECTOR, (vector, parameters) => {
  const list = listOf("vectorToParameters", parameters);
  const sizes = list.map((x) => numel(x.shape));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  if (vector.ndim !== 1 || vector.shape[0] !== count)
    throw new ShapeError(
      `vectorToParameters: vec is a vector of ${count} elements; got shape [${vector.shape.join(", ")}]`,
    );
  const other = list.find((x) => x.dtype !== vector.dtype || x.device !== vector.device);
  if (other !== undefined)
    throw new DTypeError(
      `vectorToParameters: vec is ${vector.dtype} on ${vector.device}, a parameter ${other.dtype} on ${other.device}; convert it with .to()`,
    );
  vector
    .detach()
    .split(sizes)
    .forEach((part, i) => {
      list[i].data = part.view(list[i].shape);
    });
});
