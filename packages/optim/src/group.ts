import { ValueError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";

/** What every group of parameters has besides them. */
export interface GroupOptions {
  /** The learning rate. */
  lr: number;
}

/** Parameters that are updated alike. Its options may be changed between steps, as learning-rate schedulers do. */
export type ParamGroup<O extends GroupOptions = GroupOptions> = O & {
  /** The parameters. */
  params: Tensor[];
  /** The learning rate that a scheduler started from. */
  initialLr?: number;
};

/** A group as one gives it: what it leaves out comes from the optimizer's options. */
export type GroupInit<O extends GroupOptions = GroupOptions> = Partial<O> & {
  /** The parameters, or the only one. */
  readonly params: Iterable<Tensor> | Tensor;
};

/** What an optimizer takes first: parameters, or groups of them. */
export type Params<O extends GroupOptions = GroupOptions> = Iterable<Tensor> | Iterable<GroupInit<O>>;

/**
 * The groups among what a user gave as parameters.
 *
 * @throws ValueError when there are none, or it is no collection.
 */
export function readGroups<O extends GroupOptions>(params: Params<O>): GroupInit<O>[] {
  if (params instanceof Tensor) {
    throw new ValueError(
      "an optimizer takes a collection of parameters; put the one tensor into an array: [x]",
    );
  }
  if (typeof (params as Iterable<Tensor> | undefined)?.[Symbol.iterator] !== "function") {
    throw new ValueError("an optimizer takes a collection of parameters, as model.parameters() or [w, b]");
  }
  const list = [...params];
  if (list.length === 0) throw new ValueError("an optimizer got an empty list of parameters");
  if (list[0] instanceof Tensor) return [{ params: list } as unknown as GroupInit<O>];
  return list as GroupInit<O>[];
}

/**
 * The parameters of a group, checked against those that the optimizer has already.
 *
 * @throws ValueError when one is no tensor, no leaf, an expanded tensor, or there twice.
 */
export function readParams(given: Iterable<Tensor> | Tensor, taken: ReadonlySet<Tensor>): Tensor[] {
  const params = given instanceof Tensor ? [given] : [...(given ?? [])];
  const seen = new Set<Tensor>();
  params.forEach((param, i) => {
    const name = `parameter ${i} of the group`;
    if (!(param instanceof Tensor))
      throw new ValueError(`an optimizer updates tensors; ${name} is ${describe(param)}`);
    if (!param.isLeaf) {
      throw new ValueError(
        `${name} is no leaf: it is the result of ${param.gradFn ?? "an op"}, and updating it would not change what it was computed from`,
      );
    }
    if (param.shape.some((size, dim) => size > 1 && param.strides[dim] === 0)) {
      throw new ValueError(`${name} is an expanded tensor, whose elements share memory; clone() it first`);
    }
    if (seen.has(param)) throw new ValueError(`${name} is in the group twice`);
    if (taken.has(param)) throw new ValueError(`${name} is in another group already`);
    seen.add(param);
  });
  return params;
}

function describe(x: unknown): string {
  return x === null || x === undefined ? String(x) : Array.isArray(x) ? "an array" : `a ${typeof x}`;
}
