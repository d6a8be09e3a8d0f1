/**
 * Two versions of the package in one program are two classes `Tensor`, and a tensor of the one is no `instanceof`
 * the other. The other's is recognised by a symbol that all copies share, so that errors can name what is wrong.
 *
 * @module
 * @internal
 */

const MARK = Symbol.for("flambeau.tensor");

/**
 * Marks a class of tensors with its name, which {@link markOf} finds in every copy of the package.
 */
export function markAsTensor(prototype: object, name: string): void {
  Object.defineProperty(prototype, MARK, { value: name });
}

/**
 * The name of the class of tensors, of whatever copy of the package; undefined of anything that is no tensor.
 */
export function markOf(x: unknown): string | undefined {
  return typeof x === "object" && x !== null ? (x as { [MARK]?: string })[MARK] : undefined;
}
