import {
  DTypeError,
  E,
  input as element,
  formatShape,
  IndexError,
  isFloat,
  param,
  ReduceKernel,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { commonBackend, Tensor } from "@flambeau/tensor";

/** What is known of a batch of labels: all name a class, some are ignored, or they cannot be read at once. */
export type LabelKind = "all" | "some" | "unknown";

const USED = 0;
const IGNORED = 1;
const OUTSIDE = 2;

// Params: the label to ignore, the number of classes. The worst label decides.
const worst = new ReduceKernel("worstLabel", "max", {
  params: 2,
  prepare: E.select(
    E.eq(element(0), param(0)),
    IGNORED,
    E.select(E.max(E.lt(element(0), 0), E.ge(element(0), param(1))), OUTSIDE, USED),
  ),
});

/** The dimension of an input `[C]`, `[N, C]` or `[N, C, d1, ...]` that counts classes. */
export function classDimOf(input: Tensor): number {
  return input.ndim === 1 ? 0 : 1;
}

/**
 * Checks class labels against the input they belong to, on a device that can be read at once to the last label.
 *
 * @throws DTypeError when they are no integers; DeviceError when they are on another device; ShapeError when they are not
 *   one per prediction; IndexError when one is no class and is not `ignoreIndex`: at once, or on a device that cannot be
 *   read at once out of the next read.
 */
export function checkLabels(what: string, input: Tensor, target: Tensor, ignoreIndex: number): LabelKind {
  checkTarget(what, input, target);
  return kindOf(what, target, input.shape[classDimOf(input)], ignoreIndex);
}

/** The same, but for what the labels are. */
export function checkTarget(what: string, input: Tensor, target: Tensor): void {
  if (isFloat(target.dtype) || target.dtype === "bool") {
    throw new DTypeError(
      `${what} takes class labels as integers; the target is ${target.dtype} (convert it with .to("int64"))`,
    );
  }
  commonBackend(what, [input, target]);
  if (input.ndim === 0)
    throw new ShapeError(`${what}: the input has no dimension of classes; its shape is ()`);
  const dim = classDimOf(input);
  const expected = input.shape.filter((_, i) => i !== dim);
  if (!sameShape(expected, target.shape)) {
    throw new ShapeError(
      `${what}: an input of shape ${formatShape(input.shape)} takes labels of shape ${formatShape(expected)}; got ${formatShape(target.shape)}`,
    );
  }
}

function kindOf(what: string, target: Tensor, classes: number, ignoreIndex: number): LabelKind {
  const { backend } = target.storage;
  if (backend.downloadSync === undefined) return "unknown";
  if (target.numel() === 0) return "all";
  // Labels that are no exact doubles are out of range anyway.
  const found = Tensor.empty(backend, new Array<number>(target.ndim).fill(1), "float64");
  backend.reduce(worst, "float64", target.shape, [target], [ignoreIndex, classes], found);
  const kind = Number(backend.downloadSync(found)[0]);
  backend.release(found.storage);
  if (kind !== OUTSIDE) return kind === USED ? "all" : "some";
  const label = Array.from(target.dataSync(), Number).find(
    (x) => x !== ignoreIndex && !(x >= 0 && x < classes),
  );
  throw new IndexError(
    `${what}: label ${label} is out of range for ${classes} classes (0 to ${classes - 1})`,
  );
}
