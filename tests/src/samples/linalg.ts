/** Samples of linear algebra: matrices whose singular values are neither small nor close to one another. */
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "./input.ts";
import { beside, type Case, onTensors } from "./sample.ts";

const { linalg } = T;
const small = between(-0.25, 0.25);

/** With 2, 4, 6, ... added on the diagonal. */
function spread(x: T.Tensor): T.Tensor {
  const [m, n] = x.shape.slice(-2);
  const diagonal = Array.from({ length: m }, (_, i) =>
    Array.from({ length: n }, (__, j) => (i === j ? 2 * (i + 1) : 0)),
  );
  return x.add(beside(x, T.tensor(diagonal)));
}

function cases(
  text: string,
  call: (...x: T.Tensor[]) => T.Tensor,
  ...shapes: (readonly (readonly number[])[])[]
): fc.Arbitrary<Case> {
  return onTensors([small], fc.constantFrom(...shapes), call, text);
}

const matrices = [[[3, 3]], [[3, 2]], [[2, 3]], [[2, 2, 3]], [[1, 1]]];
const tall = [
  [
    [3, 2],
    [3, 1],
  ],
  [
    [2, 3, 2],
    [2, 3, 2],
  ],
];
const systems = [
  ...tall,
  [
    [2, 2],
    [2, 2],
  ],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [2, 3, 2],
    [1, 3, 1],
  ],
  [[3, 2], [3]],
  [
    [2, 2, 3],
    [2, 2],
  ],
];
const drivers = ["gelsy", "gelsd", "gelss", "gels"] as const;

export const linalgOps = {
  svd: [
    cases("svdvals", (x) => linalg.svdvals(spread(x)), ...matrices),
    cases("the nuclear norm", (x) => spread(x).norm("nuc", [-1, -2]), ...matrices),
    ...([2, -2] as const).map((ord) =>
      cases(`the matrix norm ${ord}`, (x) => linalg.matrixNorm(spread(x), ord), [[3, 2]], [[2, 3]]),
    ),
  ],
  lstsq: [
    ...drivers.map((driver) =>
      cases(driver, (a, b) => linalg.lstsq(spread(a), b, { driver }).solution, ...systems),
    ),
    // Of constant rank 1.
    cases(
      "not of full rank",
      (p, q, b) => linalg.lstsq(T.matmul(p.add(1), q.add(2)), b, { rcond: 1e-3 }).solution,
      [
        [3, 1],
        [1, 2],
        [3, 1],
      ],
      [
        [2, 1],
        [1, 3],
        [2, 2],
      ],
    ),
    // The second output, and both of them at once.
    ...drivers
      .slice(1)
      .map((driver) =>
        cases(`residuals, ${driver}`, (a, b) => linalg.lstsq(spread(a), b, { driver }).residuals, ...tall),
      ),
    cases(
      "solution and residuals",
      (a, b) => {
        const { solution, residuals } = linalg.lstsq(spread(a), b, { driver: "gels" });
        return solution.sum(0).mul(residuals);
      },
      ...tall,
    ),
  ],
};
