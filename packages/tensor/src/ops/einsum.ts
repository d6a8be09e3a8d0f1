/**
 * Sums of products by Einstein's convention: every letter is a dimension, and letters that the result does not have are
 * summed over.
 *
 * @module
 */
import { ArgumentError, DTypeError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { describeOperand } from "../describe.ts";
import { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { sum } from "./reduce.ts";
import { diagonal } from "./repeat.ts";
import { expand, permute, reshape } from "./views.ts";

/** A tensor and the label of each of its dimensions: a letter, or a number for those behind "...". */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** The labels of a term; "..." stands for `hidden` dimensions, numbered from the last so that they align there. */
function labelsOf(term: string, hidden: number): string[] {
  const tokens = term.match(/\.\.\.|[a-zA-Z]/g) ?? [];
  if (tokens.join("") !== term || tokens.filter((t) => t === "...").length > 1) {
    throw new ValueError(`einsum: ${quote(term)} is no list of letters with at most one "..."`);
  }
  return tokens.flatMap((t) =>
    t === "..." ? Array.from({ length: hidden }, (_, i) => `${hidden - i}`) : [t],
  );
}

function inputOf(term: string, x: Tensor): Labelled {
  const letters = term.replace("...", "").length;
  const labels = labelsOf(term, Math.max(0, x.ndim - letters));
  if (labels.length !== x.ndim) {
    throw new ShapeError(
      `einsum: ${quote(term)} does not name the ${x.ndim} dimensions of a tensor of shape ${formatShape(x.shape)}`,
    );
  }
  return withoutRepeats({ x, labels });
}

/** A letter that stands twice in one term walks the diagonal. */
function withoutRepeats(given: Labelled): Labelled {
  let { x, labels } = given;
  for (;;) {
    const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
    if (second < 0) return { x, labels };
    const label = labels[second];
    const first = labels.indexOf(label);
    if (x.shape[first] !== x.shape[second]) {
      throw new ShapeError(
        `einsum: "${label}" stands for the sizes ${x.shape[first]} and ${x.shape[second]}`,
      );
    }
    x = diagonal(x, 0, first, second);
    labels = [...labels.filter((_, i) => i !== first && i !== second), label];
  }
}

/** The labels of a result that the equation does not write: those behind "...", then letters that stand once. */
function impliedOutput(inputs: readonly Labelled[], terms: readonly string[]): string[] {
  const letters = terms.join("").replaceAll(".", "");
  const once = [...new Set(letters)].filter((l) => letters.indexOf(l) === letters.lastIndexOf(l)).sort();
  const hidden = new Set(inputs.flatMap(({ labels }) => labels.filter((l) => /\d/.test(l))));
  return [...[...hidden].sort((a, b) => Number(b) - Number(a)), ...once];
}

function sumOver({ x, labels }: Labelled, keep: ReadonlySet<string>): Labelled {
  const dims = labels.flatMap((label, i) => (keep.has(label) ? [] : [i]));
  return dims.length === 0 ? { x, labels } : { x: sum(x, dims), labels: labels.filter((l) => keep.has(l)) };
}

/** The tensor with dimensions in this order, sizes of one stretched to what the label stands for elsewhere. */
function arranged(
  { x, labels }: Labelled,
  order: readonly string[],
  sizes: ReadonlyMap<string, number>,
): Tensor {
  const dims = order.map((label) => labels.indexOf(label));
  return expand(
    permute(x, dims),
    order.map((label) => sizes.get(label) as number),
  );
}

/** The product of two, summed over the labels that both have and nothing later asks for: one matrix product. */
function contract(
  a: Labelled,
  b: Labelled,
  later: ReadonlySet<string>,
  sizes: ReadonlyMap<string, number>,
): Labelled {
  const left = sumOver(a, new Set([...later, ...b.labels]));
  const right = sumOver(b, new Set([...later, ...a.labels]));
  const shared = left.labels.filter((l) => right.labels.includes(l));
  const batch = shared.filter((l) => later.has(l));
  const inner = shared.filter((l) => !later.has(l));
  const rows = left.labels.filter((l) => !shared.includes(l));
  const columns = right.labels.filter((l) => !shared.includes(l));
  const count = (labels: readonly string[]): number =>
    labels.reduce((n, l) => n * (sizes.get(l) as number), 1);
  const x = reshape(arranged(left, [...batch, ...rows, ...inner], sizes), [
    count(batch),
    count(rows),
    count(inner),
  ]);
  const y = reshape(arranged(right, [...batch, ...inner, ...columns], sizes), [
    count(batch),
    count(inner),
    count(columns),
  ]);
  const labels = [...batch, ...rows, ...columns];
  const product = inner.length === 0 ? mul(x, y) : matmul(x, y);
  return {
    x: reshape(
      product,
      labels.map((l) => sizes.get(l) as number),
    ),
    labels,
  };
}

function sizesOf(inputs: readonly Labelled[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { x, labels } of inputs) {
    labels.forEach((label, i) => {
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && x.shape[i] !== 1 && known !== x.shape[i])
        throw new ShapeError(`einsum: "${label}" stands for the sizes ${known} and ${x.shape[i]}`);
      if (known === 1) sizes.set(label, x.shape[i]);
    });
  }
  return sizes;
}

/**
 * Sums of products by Einstein's convention: `einsum("ik,kj->ij", a, b)` is a matrix product, `einsum("ii", a)` the
 * trace. Letters name dimensions, "..." those not named; without "->" the result has the letters that stand once, in
 * alphabetical order. Operands are arguments, or one array. They are multiplied from the left to the right, each pair by one matrix product.
 *
 * @throws ValueError when the equation has no meaning; ShapeError when it does not fit the shapes; DTypeError when the
 *   operands' dtypes differ.
 *
 * @example
 * ```ts
 * import { einsum, tensor } from "@flambeau/tensor";
 *
 * const a = tensor([[1, 2], [3, 4]]);
 * console.log(String(einsum("ij,j->i", a, tensor([1, 10]))));
 * // tensor([21., 43.])
 * console.log(String(einsum("ij->ji", a)));
 * // tensor([[1., 3.],
 * //         [2., 4.]])
 * ```
 */
export function einsum(
  equation: string,
  ...tensors: readonly Tensor[] | [operands: readonly Tensor[]]
): Tensor {
  if (typeof equation !== "string")
    throw new ArgumentError(`einsum: equation is a string, as in "ij,jk->ik"; got ${quote(equation)}`);
  const operands = (
    tensors.length === 1 && Array.isArray(tensors[0]) ? tensors[0] : tensors
  ) as readonly Tensor[];
  for (const x of operands)
    if (!(x instanceof Tensor)) throw new DTypeError(`einsum takes tensors; got ${describeOperand(x)}`);
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  if (more.length > 0 || terms.length !== operands.length) {
    throw new ValueError(`einsum: ${quote(equation)} is no equation of ${operands.length} operands`);
  }
  const inputs = terms.map((term, i) => inputOf(term, operands[i]));
  const sizes = sizesOf(inputs);
  const hidden = Math.max(0, ...[...sizes.keys()].map(Number).filter((n) => n > 0));
  const output = right === undefined ? impliedOutput(inputs, terms) : labelsOf(right, hidden);
  if (new Set(output).size !== output.length || output.some((label) => !sizes.has(label))) {
    throw new ValueError(`einsum: ${quote(right)} names a dimension twice, or one that no operand has`);
  }
  const result = inputs.reduce((a, b, i) =>
    contract(a, b, new Set([...output, ...inputs.slice(i + 1).flatMap(({ labels }) => labels)]), sizes),
  );
  return arranged(sumOver(result, new Set(output)), output, sizes);
}
