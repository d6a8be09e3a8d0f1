/** PyTorch's samples of linear algebra (tools/fixtures/linalg_samples.py), and what is particular to them. */
import { linalg, type Tensor } from "flambeau";
import fixture from "../../fixtures/linalg_samples.json" with { type: "json" };
import { casesByOpOf, type OpCase, type Particulars } from "../database/samples.ts";
import { camel } from "../records/record.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);

/** Outputs without what is not unique: the signs of eigenvectors and singular vectors. */
function unsigned(op: string, outs: readonly Tensor[]): Tensor[] {
  if (op === "linalg.eigh" || op === "linalg.eig") return [outs[0], outs[1].abs()];
  if (op === "linalg.lstsq") return [outs[0], ...outs.slice(1).map((y) => y.detach())];
  if (op !== "linalg.svd" && op !== "svd") return [...outs];
  const [u, s, v] = outs;
  const k = s.shape[s.ndim - 1];
  return [u.narrow(-1, 0, k).abs(), s, v.narrow(op === "svd" ? -1 : -2, 0, k).abs()];
}

/** Whether PyTorch has the op as one: of others the last of several names the result. */
const isNamed = (op: string): boolean =>
  !/\.(cond|matmul|multi_dot|tensor\w+|matrix_norm|matrix_power|vander|vecdot|svd|eigh|eig|eigvals|norm|diagonal)$|^(chain_matmul|svd)$/.test(
    op,
  );

export const particulars: Particulars = {
  // Of a product, which has a lower rank.
  functions: { "linalg.pinv.singular": (a: Tensor, b: Tensor) => linalg.pinv(a.matmul(b.mT)) },
  unique: unsigned,
  isNamed,
};

/** Ops that PyTorch has no derivative of, or whose results are integers. */
const withoutGradient = [
  "geqrf",
  "ormqr",
  "ldlFactor",
  "ldlFactorEx",
  "ldlSolve",
  "matrixRank",
  "LinAlgError",
];

/** What the samples lack of the functions of a namespace. */
export function problemsOfNames(names: readonly string[]): string[] {
  const camelNames = (all: readonly OpCase[]): Set<string> =>
    new Set(all.map(({ op }) => camel(op.replace(/^linalg\./, ""))));
  const all = [...casesByOp.values()].flat();
  const called = camelNames(all);
  const derived = camelNames(all.filter((c) => c.grads !== undefined));
  return names.flatMap((name) => {
    if (!called.has(name) && name !== "LinAlgError") return [`${name} has no sample`];
    return derived.has(name) || withoutGradient.includes(name) ? [] : [`${name} has no sample of a gradient`];
  });
}
