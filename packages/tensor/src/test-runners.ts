/**
 * What test runners need to compare tensors and to show how they differ. Left alone, Vitest iterates over them down to
 * scalars, and Jest evaluates every getter.
 *
 * @module
 */
import { sameShape } from "@flambeau/backend";
import { allclose } from "./ops/close.ts";
import { jsonOf } from "./protocols.ts";
import { Tensor } from "./tensor.ts";

/** Where Jest, and Vitest after it, keep what `expect.addEqualityTesters` is given. */
interface Matchers {
  readonly customEqualityTesters?: unknown[];
}
const matchers = (globalThis as { [key: symbol]: Matchers | undefined })[
  Symbol.for("$$jest-matchers-object")
];
matchers?.customEqualityTesters?.push(areEqual);

/**
 * Whether two tensors have the same elements, shape, dtype and device, nan being equal to nan; undefined of what is no tensor.
 *
 * @throws DeviceError on a device that reads asynchronously.
 */
function areEqual(a: unknown, b: unknown): boolean | undefined {
  if (!(a instanceof Tensor && b instanceof Tensor))
    return a instanceof Tensor || b instanceof Tensor ? false : undefined;
  if (a === b) return true;
  if (a.dtype !== b.dtype || a.device !== b.device || !sameShape(a.shape, b.shape)) return false;
  return allclose(a, b, { rtol: 0, atol: 0, equalNan: true });
}

// Vitest copies plain objects, field by field, before it prints them: this is none.
Object.defineProperty(Tensor.prototype, Symbol.toStringTag, { value: "Tensor" });
/** Of a tensor, a function that returns it. */
const ORIGINAL = Symbol("original");
// Jest copies the properties that are listed here, functions as they are. A copy has no storage: its JSON is the original's.
Object.defineProperty(Tensor.prototype, Symbol.for("@jest/serializableProperties"), {
  value: ["shape", "dtype", ORIGINAL],
});
Object.defineProperty(Tensor.prototype, ORIGINAL, {
  get(this: Tensor): () => Tensor {
    return () => this;
  },
});
Object.defineProperty(Tensor.prototype, "toJSON", {
  configurable: true,
  writable: true,
  value(this: Tensor & { [ORIGINAL]: () => Tensor }): unknown {
    return jsonOf(this.storage === undefined ? this[ORIGINAL]() : this);
  },
});
