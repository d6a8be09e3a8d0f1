/**
 * `x.data`: a method that reads the elements, and, where it is assigned to, the way to give a tensor other memory.
 *
 * @module
 */
import {
  ArgumentError,
  AutogradError,
  formatShape,
  isFloat,
  sameShape,
  type TypedArray,
} from "@flambeau/backend";
import { describeValue } from "./describe.ts";
import { data } from "./ops/reading.ts";
import { Tensor } from "./tensor.ts";

function read(this: Tensor): Promise<TypedArray> {
  return data(this);
}

// What a tensor has and a function has not is looked for by who takes `x.data` for PyTorch's: the tensor without its graph.
Object.setPrototypeOf(
  read,
  new Proxy(Function.prototype, {
    get(functions, key, receiver): unknown {
      const isForTensor = typeof key === "string" || key === Symbol.toPrimitive;
      if (!isForTensor || key in functions || !(key in Tensor.prototype))
        return Reflect.get(functions, key, receiver);
      const example = typeof key === "string" ? `, as in x.detach().${key}` : "";
      throw new ArgumentError(
        `data: x.data() reads the elements; the tensor without its graph is x.detach()${example}`,
      );
    },
  }),
);

/**
 * `x.data = value`, as in PyTorch: the tensor goes on with the memory of `value`, which both share then, and nothing is recorded. Its
 * shape, dtype and device are those of `value`; a leaf stays a leaf. A graph that needs the old elements refuses to run backward.
 *
 * @throws ArgumentError when `value` is no tensor; AutogradError when the gradient that is there, or the graph, does not go with it.
 */
function write(x: Tensor, value: Tensor): void {
  if (!(value instanceof Tensor))
    throw new ArgumentError(
      `data: it is set to a tensor, or filled by x.detach().fill_(...); got ${describeValue(value)}`,
    );
  value.checkUsable("data");
  const refuse = (why: string): AutogradError => new AutogradError(`data: ${why}`);
  const isAlike = value.dtype === x.dtype && value.device === x.device && sameShape(value.shape, x.shape);
  if (x.requiresGrad && !isFloat(value.dtype)) throw refuse(`only floats have gradients; got ${value.dtype}`);
  if (!isAlike && x.grad !== null)
    throw refuse(
      `the gradient has shape ${formatShape(x.grad.shape)} and dtype ${x.grad.dtype}; set grad to null first`,
    );
  if (x.requiresGrad && (x.base !== null || !(isAlike || x.isLeaf)))
    throw refuse("this tensor is part of a graph; use detach(), or a new tensor");
  const { storage } = value;
  // What was saved of the old elements is told by their version, which the new ones have to be beyond.
  if (storage !== x.storage) storage.version = Math.max(storage.version, x.storage.version + 1);
  x.setData_(value, null);
  if (isAlike || !x.requiresGrad) return;
  // The recorder of a leaf has its shape.
  x.recorder = null;
  x.requiresGrad_();
}

/** The property itself. */
export const dataProperty: PropertyDescriptor = {
  configurable: true,
  get: () => read,
  set(this: Tensor, value: Tensor): void {
    write(this, value);
  },
};
