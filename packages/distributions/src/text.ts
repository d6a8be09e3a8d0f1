/** How Python writes numbers, shapes and tensors inside the text of a distribution. */
import type { Shape } from "@flambeau/backend";
import type { Operand, Tensor } from "@flambeau/tensor";

/** A number as Python prints a float: 1.0, 0.01, 1e-05. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  const size = Math.abs(x);
  // Python writes at least two digits of exponent.
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return x.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(x) ? `${x}.0` : String(x);
}

/** A shape as Python prints a tuple: (2, 3), (2,), (). */
export function tupleText(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A shape as PyTorch prints one: torch.Size([2, 3]). */
export function sizeText(shape: Shape): string {
  return `torch.Size([${shape.join(", ")}])`;
}

/** A tensor as an f-string has it: of one without dimensions its number. Of one that cannot be read at once the shape. */
export function valueText(x: Operand): string {
  if (typeof x !== "object") return floatText(Number(x));
  if (!canRead(x)) return sizeText(x.shape);
  return x.ndim === 0 ? floatText(Number(x.detach().itemSync())) : String(x);
}

/** Whether the elements can be read synchronously. */
export function canRead(x: Tensor): boolean {
  return x.storage.backend.downloadSync !== undefined;
}

/** The name of a parameter in PyTorch: totalCount is total_count. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
