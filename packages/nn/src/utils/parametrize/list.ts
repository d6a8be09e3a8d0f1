import { noGrad } from "@flambeau/autograd";
import { DTypeError, formatShape, ShapeError, sameShape, ValueError } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";
import { ModuleList } from "../../containers/module-list.ts";
import { nameOf } from "../../module/location.ts";
import type { Module } from "../../module/module.ts";
import { Buffer, Parameter } from "../../parameter.ts";
import { cachedIn } from "./cache.ts";

/** A module that makes a tensor of a module out of the tensors that stand for it. */
export type Parametrization = Module & {
  /** The tensor, or the tensors, that `forward` makes a given one of. */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
};

/**
 * The parametrizations of one tensor, applied in order, and the tensor under them: `original`, or, where the first one's `rightInverse`
 * gives several, `original0`, `original1`, ... A call gives the tensor. `registerParametrization` makes it.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(Object.keys(layer.stateDict()).join(" "));
 * // bias parametrizations.weight.original0 parametrizations.weight.original1
 * ```
 */
export class ParametrizationList extends ModuleList<Parametrization> {
  /** Whether dtype and shape may change. */
  unsafe: boolean;
  /** Whether there is one tensor under the parametrizations, and no list. */
  readonly isTensor: boolean;
  /** How many tensors there are under them. */
  readonly ntensors: number;

  /** @internal */
  constructor(parametrizations: readonly Parametrization[], original: Tensor, unsafe: boolean) {
    super(parametrizations);
    this.unsafe = unsafe;
    const parts = noGrad(() => inverse(parametrizations, original, false));
    this.isTensor = parts instanceof Tensor;
    this.ntensors = parts instanceof Tensor ? 1 : parts.length;
    const { dtype } = original;
    // With one tensor the parameter stays the same object, which an optimizer has.
    const kept: readonly Tensor[] =
      parts instanceof Tensor ? [original] : parts.map((part) => ownPart(part, original));
    if (parts instanceof Tensor && parts.dtype !== dtype)
      throw new DTypeError(`rightInverse gives ${parts.dtype} for a tensor that is ${dtype}`);
    const fields = this as unknown as Record<string, Tensor>;
    for (const [i, part] of kept.entries()) fields[this.isTensor ? "original" : `original${i}`] = part;
    if (!unsafe) {
      const before = original.detach();
      // Computed from what rightInverse gave, and nothing has changed if it does not fit.
      checkSame("forward", applied([...this], parts instanceof Tensor ? [parts] : kept), before);
    }
    if (parts instanceof Tensor && parts.storage !== original.storage) original.setData_(parts.detach());
  }

  /** The tensors under the parametrizations. */
  originals(): Tensor[] {
    const fields = this as unknown as Record<string, Tensor>;
    if (this.isTensor) return [fields.original];
    return Array.from({ length: this.ntensors }, (_, i) => fields[`original${i}`]);
  }

  /** The tensor as the parametrizations make it. */
  override forward(): Tensor {
    return cachedIn(this, () => applied([...this], this.originals()));
  }

  /**
   * Sets the tensors under the parametrizations so that they make a given one.
   *
   * @throws ValueError when a parametrization has no `rightInverse`, or it gives another number of tensors; DTypeError and ShapeError when
   *   a tensor does not fit. Nothing has changed then.
   */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      const parts = inverse([...this], value, true);
      const given: readonly Tensor[] = parts instanceof Tensor ? [parts] : parts;
      const own = this.originals();
      if (given.length !== own.length || parts instanceof Tensor !== this.isTensor)
        throw new ValueError(`rightInverse gives ${given.length} tensors; there were ${own.length}`);
      for (const [i, part] of given.entries()) checkSame(`original ${i}`, part, own[i], this.unsafe);
      for (const [i, part] of given.entries()) own[i].setData_(part.detach().clone());
    });
  }
}

/** A tensor of the list that stands for an original one. */
function ownPart(part: unknown, original: Tensor): Tensor {
  if (!(part instanceof Tensor))
    throw new ValueError(`rightInverse gives a tensor or several; got ${describeValue(part)} among them`);
  return memberLike(original, part, original.requiresGrad);
}

/** A parameter, buffer or plain tensor of other elements, as another tensor is one. */
export function memberLike(like: Tensor, data: Tensor, requiresGrad: boolean): Tensor {
  if (like instanceof Parameter) return new Parameter(data.detach(), { requiresGrad });
  return like instanceof Buffer ? new Buffer(data.detach(), { persistent: like.persistent }) : data.detach();
}

/** What the parametrizations, the last one first, make a tensor of. */
function inverse(
  parametrizations: readonly Parametrization[],
  value: Tensor,
  strict: boolean,
): Tensor | readonly Tensor[] {
  let parts: Tensor | readonly Tensor[] = value;
  for (const part of parametrizations.toReversed()) {
    if (typeof part.rightInverse !== "function") {
      if (strict) throw new ValueError(`${nameOf(part)} has no rightInverse`);
      continue;
    }
    parts = part.rightInverse(parts as Tensor);
    if (!(parts instanceof Tensor || Array.isArray(parts)))
      throw new ValueError(`rightInverse gives a tensor or several; got ${describeValue(parts)}`);
  }
  return parts;
}

/** The first parametrization of the originals, and the others after it. */
function applied([first, ...others]: readonly Parametrization[], originals: readonly Tensor[]): Tensor {
  return others.reduce((x, part) => part(x) as Tensor, first(...originals) as Tensor);
}

/** @throws ValueError when something is no tensor; DTypeError and ShapeError when it is not like another. */
export function checkSame(what: string, given: unknown, like: Tensor, unsafe = false): void {
  if (!(given instanceof Tensor))
    throw new ValueError(`${what} of a parametrization gives a tensor; got ${describeValue(given)}`);
  if (unsafe) return;
  const way = "; { unsafe: true } allows it";
  if (given.dtype !== like.dtype)
    throw new DTypeError(`${what} of a parametrization gives ${given.dtype} for ${like.dtype}${way}`);
  if (!sameShape(given.shape, like.shape))
    throw new ShapeError(
      `${what} of a parametrization gives shape ${formatShape(given.shape)} for ${formatShape(like.shape)}${way}`,
    );
}
