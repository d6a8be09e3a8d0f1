import { matmul, type StructuralOps, type Tensor, where } from "@flambeau/tensor";
import type { Context, Rule } from "./structural.ts";

/** num / den, and zero where both are zero. */
function quotient(num: Tensor, den: Tensor): Tensor {
  const isEmpty = num.detach().eq(0).logicalAnd(den.detach().eq(0));
  return num.div(where(isEmpty, 1, den));
}

/** The rows of U, of V, and the singular values in what `svd` gives, or in its gradient. */
function unpack(packed: Tensor, m: number, n: number): [Tensor, Tensor, Tensor] {
  return [packed.narrow(-2, 0, m), packed.narrow(-2, m, n), packed.narrow(-2, m + n, 1)];
}

/**
 * Source: Townsend, "Differentiating the Singular Value Decomposition" (2016), in the form of PyTorch's svd_backward. Where singular
 * values are equal the gradients of U and V do not exist; zero gradients of them pass.
 */
function svdBackward(c: Context<undefined>, g: Tensor): Tensor[] {
  const [m, n] = c.inputShape(0).slice(-2);
  const [u, v, s] = unpack(c.output(), m, n);
  const [gu, gv, gs] = unpack(g, m, n);
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
function lstsqBackward(c: Context<StructuralOps["lstsq"]>, g: Tensor): (Tensor | null)[] {
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

/** Of |A X - B|^2 at the X that makes it smallest: what X adds is zero. */
function residualsBackward(c: Context<StructuralOps["lstsqResiduals"]>, g: Tensor): (Tensor | null)[] {
  const { solution } = c.attrs;
  const share = c
    .input(1)
    .sub(matmul(c.input(0), solution))
    .mul(g.unsqueeze(-2))
    .mul(2);
  return [c.needs(0) ? matmul(share, solution.mT).neg() : null, c.needs(1) ? share : null];
}

export const svdRule: Rule<undefined> = { saves: ["output"], backward: svdBackward };

export const lstsqRule: Rule<StructuralOps["lstsq"]> = { saves: [0, 1, "output"], backward: lstsqBackward };

export const lstsqResidualsRule: Rule<StructuralOps["lstsqResiduals"]> = {
  saves: [0, 1],
  keeps: ["solution"],
  backward: residualsBackward,
};
