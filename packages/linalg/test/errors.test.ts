/** What is refused, in which words, and what empty matrices give. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ArgumentError,
  AutogradError,
  DTypeError,
  type FlambeauError,
  IndexError,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { eye, ones, stack, type Tensor, tensor, zeros } from "@flambeau/tensor";
import * as linalg from "../src/index.ts";

const { LinAlgError } = linalg;
const zero = zeros([2, 2]);
const batch = stack([eye(2), zero]);
const wide = ones([2, 3]);
const long = ones([2, 2]).to("int64");
const anything = (x: unknown): never => x as never;

type Class = new (...args: never[]) => FlambeauError;
type Refusal = readonly [Class, RegExp | string, () => unknown];

const minor = (order: number): string =>
  `The factorization could not be completed because the input is not positive-definite (the leading minor of order ${order} is not positive-definite).`;
const noInverse =
  "The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular.";

/** Messages as PyTorch's. */
const singular: readonly Refusal[] = [
  [LinAlgError, `linalg.inv: ${noInverse}`, () => linalg.inv(zero)],
  [LinAlgError, `linalg.inv: (Batch element 1): ${noInverse}`, () => linalg.inv(batch)],
  [LinAlgError, `linalg.inv_ex: ${noInverse}`, () => linalg.invEx(zero, { checkErrors: true })],
  [LinAlgError, `linalg.inv: ${noInverse}`, () => linalg.matrixPower(zero, -1)],
  [
    LinAlgError,
    "torch.linalg.solve: (Batch element 1): The solver failed because the input matrix is singular.",
    () => linalg.solve(batch, batch),
  ],
  [
    LinAlgError,
    "torch.linalg.solve_ex: The solver failed because the input matrix is singular.",
    () => linalg.solveEx(zero, zero, { checkErrors: true }),
  ],
  [LinAlgError, `linalg.cholesky: (Batch element 1): ${minor(1)}`, () => linalg.cholesky(batch)],
  [
    LinAlgError,
    `linalg.cholesky: ${minor(2)}`,
    () =>
      linalg.cholesky(
        tensor([
          [1, 2],
          [2, 1],
        ]),
      ),
  ],
  [LinAlgError, `linalg.cholesky_ex: ${minor(1)}`, () => linalg.choleskyEx(zero, { checkErrors: true })],
  [LinAlgError, /^torch\.linalg\.lu_factor: U\[1,1\] is zero and using it/, () => linalg.luFactor(zero)],
  [
    LinAlgError,
    /^torch\.linalg\.lu_factor_ex: \(Batch element 1\): U\[1,1\] is zero/,
    () => linalg.luFactorEx(batch, { checkErrors: true }),
  ],
  [LinAlgError, /^linalg\.ldl_factor: \(Batch element 1\): D\[1,1\] is zero/, () => linalg.ldlFactor(batch)],
  [
    LinAlgError,
    /linalg\.eig: .*complex numbers/,
    () =>
      linalg.eig(
        tensor([
          [0, 1],
          [-1, 0],
        ]),
      ),
  ],
  [
    LinAlgError,
    /linalg\.eigvals: .*complex numbers/,
    () =>
      linalg.eigvals(
        tensor([
          [0, 1],
          [-1, 0],
        ]),
      ),
  ],
  [LinAlgError, /singular/, () => linalg.tensorinv(zero, 1)],
];

/** Of one matrix: what is no matrix, not square, or of another dtype. */
const ofSquares: Readonly<Record<string, (x: Tensor) => unknown>> = {
  det: (x) => linalg.det(x),
  slogdet: (x) => linalg.slogdet(x),
  logdet: (x) => linalg.logdet(x),
  inv: (x) => linalg.inv(x),
  invEx: (x) => linalg.invEx(x),
  cholesky: (x) => linalg.cholesky(x),
  choleskyEx: (x) => linalg.choleskyEx(x),
  choleskyInverse: (x) => linalg.choleskyInverse(x),
  eigh: (x) => linalg.eigh(x),
  eigvalsh: (x) => linalg.eigvalsh(x),
  eig: (x) => linalg.eig(x),
  eigvals: (x) => linalg.eigvals(x),
  matrixPower: (x) => linalg.matrixPower(x, 2),
  matrixExp: (x) => linalg.matrixExp(x),
  ldlFactor: (x) => linalg.ldlFactor(x),
  ldlFactorEx: (x) => linalg.ldlFactorEx(x),
  cond: (x) => linalg.cond(x, 1),
  solve: (x) => linalg.solve(x, x),
  solveEx: (x) => linalg.solveEx(x, x),
  solveTriangular: (x) => linalg.solveTriangular(x, x, { upper: true }),
  triangularSolve: (x) => linalg.triangularSolve(x, x),
};
const ofMatrices: Readonly<Record<string, (x: Tensor) => unknown>> = {
  qr: (x) => linalg.qr(x),
  svd: (x) => linalg.svd(x),
  svdvals: (x) => linalg.svdvals(x),
  lu: (x) => linalg.lu(x),
  luFactor: (x) => linalg.luFactor(x),
  luFactorEx: (x) => linalg.luFactorEx(x),
  pinv: (x) => linalg.pinv(x),
  pinverse: (x) => linalg.pinverse(x),
  matrixRank: (x) => linalg.matrixRank(x),
  geqrf: (x) => linalg.geqrf(x),
  matrixNorm: (x) => linalg.matrixNorm(x),
};

const { LU, pivots } = linalg.luFactor(eye(2));

const others: readonly Refusal[] = [
  [
    ShapeError,
    /solve: A X = B does not fit A of shape \[2, 2\] and B of shape \[3, 1\]/,
    () => linalg.solve(eye(2), ones([3, 1])),
  ],
  [ShapeError, /solve: X A = B does not fit/, () => linalg.solve(eye(2), ones([1, 3]), { left: false })],
  [ShapeError, /solve: with .* left: false/, () => linalg.solve(eye(2), ones([2]), { left: false })],
  [ShapeError, /solve: batches/, () => linalg.solve(ones([2, 2, 2]), ones([3, 2, 1]))],
  [DTypeError, /one dtype/, () => linalg.solve(eye(2), ones([2, 1]).double())],
  [
    ArgumentError,
    /upper/,
    () => linalg.solveTriangular(...(anything([eye(2), eye(2)]) as [Tensor, Tensor, { upper: boolean }])),
  ],
  [ShapeError, /luSolve/, () => linalg.luSolve(LU, pivots.narrow(0, 0, 1), eye(2))],
  [ShapeError, /pivots float32/, () => linalg.luSolve(LU, pivots.float(), eye(2))],
  [ShapeError, /square/, () => linalg.luSolve(ones([2, 3]), pivots, eye(2))],
  [ShapeError, /luUnpack/, () => linalg.luUnpack(ones([2]), pivots)],
  [ShapeError, /ldlSolve takes pivots/, () => linalg.ldlSolve(LU, pivots.narrow(0, 0, 1), eye(2))],
  ...[0, 3, -1].flatMap((row): Refusal[] => {
    const wrong = tensor([1, row], { dtype: "int32" });
    return [
      [
        ValueError,
        new RegExp(`luUnpack: pivots are rows, from 1 to 2; there is a ${row}`),
        () => linalg.luUnpack(LU, wrong),
      ],
      [
        ValueError,
        new RegExp(`luSolve: pivots are rows, from 1 to 2; there is a ${row}`),
        () => linalg.luSolve(LU, wrong, eye(2)),
      ],
    ];
  }),
  [
    ValueError,
    /ldlSolve: pivots are rows, .* a 3/,
    () => linalg.ldlSolve(LU, tensor([1, 3], { dtype: "int32" }), eye(2)),
  ],
  [
    ValueError,
    /ldlSolve: pivots are rows, .* a 0/,
    () => linalg.ldlSolve(LU, tensor([0, 1], { dtype: "int32" }), eye(2)),
  ],
  [
    ValueError,
    /ldlSolve: .* pairs; -2 stands alone/,
    () => linalg.ldlSolve(LU, tensor([1, -2], { dtype: "int32" }), eye(2)),
  ],
  [
    ValueError,
    /ldlSolve: .* pairs; -2 stands alone/,
    () => linalg.ldlSolve(LU, tensor([-2, 2], { dtype: "int32" }), eye(2)),
  ],
  [
    ValueError,
    /^lu: LU without pivoting is not implemented on the CPU/,
    () => linalg.lu(eye(2), { pivot: false }),
  ],
  [ValueError, /^luFactor: LU without pivoting/, () => linalg.luFactor(eye(2), { pivot: false })],
  [ValueError, /^luFactorEx: LU without pivoting/, () => linalg.luFactorEx(eye(2), { pivot: false })],
  [ShapeError, /choleskySolve/, () => linalg.choleskySolve(ones([3, 1]), eye(2))],
  [ValueError, /"reduced", "complete" or "r"; got "foo"/, () => linalg.qr(eye(2), anything("foo"))],
  [ValueError, /UPLO is "L" or "U"; got "X"/, () => linalg.eigh(eye(2), anything("X"))],
  [LinAlgError, /finite/, () => linalg.eigh(eye(2).mul(Number.NaN))],
  [LinAlgError, /finite/, () => linalg.eig(eye(2).mul(Infinity))],
  [LinAlgError, /finite/, () => linalg.eigvals(eye(2).mul(Number.NaN))],
  [LinAlgError, /finite/, () => linalg.svd(eye(2).mul(Infinity))],
  [LinAlgError, /finite/, () => linalg.pinv(eye(2).mul(Number.NaN))],
  [LinAlgError, /finite/, () => linalg.matrixRank(eye(2).mul(Number.NaN))],
  [LinAlgError, /full rank/, () => linalg.lstsq(ones([2, 2]), eye(2), { driver: "gels" })],
  [ValueError, /integer/, () => linalg.matrixPower(eye(2), 0.5)],
  [ValueError, /order/, () => linalg.matrixNorm(eye(2), 3)],
  [ShapeError, /one dimension or two/, () => linalg.norm(ones([2, 2, 2]), 2)],
  [ValueError, /"fro" is the norm of a matrix/, () => linalg.norm(ones([2]), "fro")],
  [DTypeError, /floats/, () => linalg.vectorNorm(tensor([1n]))],
  [IndexError, /no elements/, () => linalg.vectorNorm(zeros([0]), Infinity)],
  [ShapeError, /size 3 along dimension -1/, () => linalg.cross(ones([2]), ones([2]))],
  [DTypeError, /float/, () => linalg.vecdot(tensor([1n]), tensor([1n]))],
  [ValueError, /2 or more/, () => linalg.vander(tensor([1, 2]), { N: 1 })],
  [ShapeError, /two tensors/, () => linalg.multiDot([ones([2])])],
  [ShapeError, /no matrix/, () => linalg.multiDot([wide, ones([3]), wide])],
  [ShapeError, /none/, () => linalg.chainMatmul()],
  [ShapeError, /matrices/, () => linalg.chainMatmul(ones([2]), wide)],
  [ShapeError, /multiply to 2, the others to 3/, () => linalg.tensorinv(wide, 1)],
  [ValueError, /positive integer/, () => linalg.tensorinv(eye(2), 0)],
  [ShapeError, /does not fit B/, () => linalg.tensorsolve(wide, ones([2]))],
  [ShapeError, /m >= n/, () => linalg.householderProduct(wide, ones([2]))],
  [ShapeError, /tau/, () => linalg.householderProduct(eye(2), ones([3]))],
  [ShapeError, /ormqr/, () => linalg.ormqr(eye(2), ones([2]), ones([3, 1]))],
  [ShapeError, /renorm/, () => linalg.renorm(ones([2]), 2, 0, 1)],
  [ValueError, /p is positive/, () => linalg.renorm(eye(2), 0, 0, 1)],
  [ArgumentError, /fullMatrices/, () => linalg.svd(eye(2), anything({ fullMatrix: true }))],
];

function refuses([type, message, call]: Refusal): void {
  assert.throws(call, (error: Error) => {
    assert.ok(error instanceof type, `${error.name}, not ${type.name}: ${error.message}`);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

describe("what is refused", () => {
  test("singular matrices, in PyTorch's words", () => singular.forEach(refuses));

  test("shapes and options", () => others.forEach(refuses));

  test("what is no square matrix of floats", () => {
    for (const [name, f] of Object.entries(ofSquares)) {
      refuses([ShapeError, new RegExp(`^${name} .*\\[2, 3\\]`), () => f(wide)]);
      refuses([ShapeError, new RegExp(`^${name} .*\\[2\\]`), () => f(ones([2]))]);
      refuses([DTypeError, new RegExp(`^${name} .*int64`), () => f(long)]);
    }
    for (const [name, f] of Object.entries(ofMatrices)) {
      refuses([ShapeError, new RegExp(`^${name} .*\\[2\\]`), () => f(ones([2]))]);
      refuses([DTypeError, new RegExp(`^${name} .*int64`), () => f(long)]);
    }
  });

  test("derivatives that there are not", () => {
    const x = ones([3, 2]).requiresGrad_();
    const s = eye(2).requiresGrad_();
    for (const y of [
      linalg.qr(x, "complete").Q,
      linalg.qr(x, "r").R,
      linalg.geqrf(x).a,
      linalg.ldlFactor(s).LD,
      linalg.ldlSolve(s, tensor([1, 2], { dtype: "int32" }), ones([2, 1])),
    ])
      refuses([AutogradError, /derivative/, () => y.sum().backward()]);
  });

  test("saved tensors that were overwritten", () => {
    const x = eye(2).requiresGrad_();
    const a = x.mul(2);
    const y = linalg.det(a);
    a.mul_(2);
    refuses([AutogradError, /overwritten/, () => y.backward()]);
  });
});

describe("results", () => {
  test("have names, and unpack", () => {
    const [Q, R] = linalg.qr(eye(2));
    assert.deepEqual(
      [Q.shape, R.shape],
      [
        [2, 2],
        [2, 2],
      ],
    );
    assert.deepEqual(Object.keys(linalg.svd(eye(2))), ["U", "S", "Vh"]);
    assert.deepEqual(Object.keys(linalg.lu(eye(2))), ["P", "L", "U"]);
    assert.deepEqual(Object.keys(linalg.luFactor(eye(2))), ["LU", "pivots"]);
    assert.deepEqual(Object.keys(linalg.luFactorEx(eye(2))), ["LU", "pivots", "info"]);
    assert.deepEqual(Object.keys(linalg.ldlFactor(eye(2))), ["LD", "pivots"]);
    assert.deepEqual(Object.keys(linalg.slogdet(eye(2))), ["sign", "logabsdet"]);
    assert.deepEqual(Object.keys(linalg.eigh(eye(2))), ["eigenvalues", "eigenvectors"]);
  });

  test("info says which matrix, and nothing is thrown", () => {
    assert.deepEqual(linalg.invEx(batch).info.toArraySync(), [0, 1]);
    assert.deepEqual(linalg.choleskyEx(batch).info.toArraySync(), [0, 1]);
    assert.deepEqual(linalg.solveEx(batch, ones([2, 1])).info.toArraySync(), [0, 1]);
    assert.deepEqual(linalg.luFactorEx(batch).info.toArraySync(), [0, 1]);
    assert.deepEqual(linalg.ldlFactorEx(batch).info.toArraySync(), [0, 1]);
    assert.equal(linalg.invEx(batch).info.dtype, "int32");
  });

  test("the signs are LAPACK's", () => {
    const A = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 10],
      ],
      { dtype: "float64" },
    );
    const { Q, R } = linalg.qr(A);
    const near = (x: Tensor, values: readonly (readonly number[])[]): void =>
      assert.ok(x.allclose(tensor(values as number[][], { dtype: "float64" }), { atol: 1e-4 }), String(x));
    near(Q, [
      [-0.1231, 0.9045, 0.4082],
      [-0.4924, 0.3015, -0.8165],
      [-0.8616, -0.3015, 0.4082],
    ]);
    near(R, [
      [-8.124, -9.6011, -11.9399],
      [0, 0.9045, 1.5076],
      [0, 0, 0.4082],
    ]);
    const { eigenvectors } = linalg.eigh(
      tensor(
        [
          [2, 1, 0],
          [1, 3, 1],
          [0, 1, 4],
        ],
        { dtype: "float64" },
      ),
    );
    near(eigenvectors, [
      [0.7887, -0.5774, 0.2113],
      [-0.5774, -0.5774, 0.5774],
      [0.2113, 0.5774, 0.7887],
    ]);
  });
});
