import { matmul, type StructuralOps, type Tensor, where, zerosLike } from "@flambeau/tensor";
import type { Gradients } from "../nodes/node.ts";
import type { Context, MultiRule } from "./structural.ts";

/** num / den, and zero where both are zero. */
function quotient(num: Tensor, den: Tensor): Tensor {
  const isEmpty = num.detach().eq(0).logicalAnd(den.detach().eq(0));
  return num.div(where(isEmpty, 1, den));
}

/**
 * Source: Townsend, "Differentiating the Singular Value Decomposition" (2016), in the form of PyTorch's svd_backward. Where singular
 * values are equal the gradients of U and V do not exist; zero gradients of them pass.
 */
function svdBackward(c: Context<undefined>, grads: Gradients): Tensor[] {
  const [m, n] = c.inputShape(0).slice(-2);
  const [u, v] = [c.output(0), c.output(2)];
  const s = c.output(1).unsqueeze(-2);
  const gu = grads[0] ?? zerosLike(u);
  const gs = (grads[1] ?? zerosLike(c.output(1))).unsqueeze(-2);
  const gv = grads[2] ?? zerosLike(v);
  const squares = s.square();
  const gaps = squares.sub(squares.mT);
  const [fu, fv] = [matmul(u.mT, gu), matmul(v.mT, gv)];
  const within = quotient(fu.sub(fu.mT), gaps)
    .mul(s)
    .add(quotient(fv.sub(fv.mT), gaps).mul(s.mT));
  let left = matmul(u, within).add(u.mul(gs));
  if (m > n) left = left.add(quotient(gu.sub(matmul(u, fu)), s));
  const gx = matmul(left, v.mT);
  return [n > m ? gx.add(matmul(u, quotient(gv.sub(matmul(v, fv)), s).mT)) : gx];
}

/**
 * With X = A+ B: the derivative of the pseudoinverse A+ of a matrix of constant rank (Golub and Pereyra 1973), each of whose
 * products with a matrix is a least-squares solution.
 */
function solutionBackward(c: Context<StructuralOps["lstsq"]>, g: Tensor): (Tensor | null)[] {
  const { solve } = c.attrs;
  const [a, b, x] = [c.input(0), c.input(1), c.output()];
  const y = solve(a.mT, g);
  if (!c.needs(0)) return [null, y];
  const residual = b.sub(matmul(a, x));
  const beside = g.sub(matmul(a.mT, y));
  const ga = matmul(residual, solve(a, y).mT)
    .add(matmul(solve(a.mT, x), beside.mT))
    .sub(matmul(y, x.mT));
  return [ga, c.needs(1) ? y : null];
}

/** Of |A X - B|^2 at the X for which it is smallest: X itself adds nothing. */
function residualsBackward(c: Context<StructuralOps["lstsq"]>, g: Tensor): (Tensor | null)[] {
  const x = c.output();
  const share = c
    .input(1)
    .sub(matmul(c.input(0), x))
    .mul(g.unsqueeze(-2))
    .mul(2);
  return [c.needs(0) ? matmul(share, x.mT).neg() : null, c.needs(1) ? share : null];
}

export const svdRule: MultiRule<undefined> = { saves: ["output"], backwardAll: svdBackward };

export const lstsqRule: MultiRule<StructuralOps["lstsq"]> = {
  saves: [0, 1, "output"],
  backwardAll: (c, [g, ofResiduals]) => {
    const first = g === null ? null : solutionBackward(c, g);
    if (ofResiduals === null || ofResiduals === undefined) return first as (Tensor | null)[];
    const second = residualsBackward(c, ofResiduals);
    return first === null ? second : first.map((x, k) => (x === null ? null : x.add(second[k] as Tensor)));
  },
};
