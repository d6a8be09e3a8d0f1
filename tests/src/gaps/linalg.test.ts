/**
 * Matrix norms, singular values and least squares: reproductions of faults, and values and gradients of PyTorch, NumPy and SciPy
 * (tools/fixtures/matrices.py).
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ArgumentError,
  DTypeError,
  eye,
  IndexError,
  linalg,
  linspace,
  norm,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "flambeau";
import fixture from "../../fixtures/matrices.json" with { type: "json" };

const anything = (x: unknown): never => x as never;
const long = (shape: readonly number[], values: readonly number[]): Tensor =>
  tensor(Float64Array.from(values)).reshape(shape);
const weighted = (x: Tensor): Tensor =>
  x.mul(linspace(0.5, 2, x.numel(), { dtype: x.dtype }).reshape(x.shape)).sum();

/** Every number within a tolerance that is relative to the largest of them. */
function near(got: Tensor | null, wanted: readonly number[], what: string, tolerance = 1e-9): void {
  const values = Array.from((got as Tensor).detach().dataSync(), Number);
  assert.equal(values.length, wanted.length, what);
  const scale = Math.max(0, ...wanted.map(Math.abs));
  values.forEach((value, i) => {
    assert.ok(
      Math.abs(value - wanted[i]) <= tolerance * scale,
      `${what}: ${i} is ${value}, not ${wanted[i]}`,
    );
  });
}

type Ord = number | "fro" | "nuc";
const ordOf = (x: unknown): Ord => (x === "Infinity" ? Infinity : x === "-Infinity" ? -Infinity : (x as Ord));

describe("norms of matrices are PyTorch's", () => {
  for (const c of fixture.norms) {
    test(`${c.kind} ${c.ord} of ${c.shape} along ${c.dim ?? "all"}${c.keepdim ? ", kept" : ""}`, () => {
      const x = long(c.shape, c.x).requiresGrad_();
      const { keepdim } = c;
      const y =
        c.kind === "norm"
          ? x.norm(c.ord as Ord, c.dim, { keepdim })
          : linalg.matrixNorm(x, ordOf(c.ord), c.dim ?? undefined, { keepdim });
      assert.deepEqual(y.shape, c.result);
      near(y, c.y, "norm");
      weighted(y).backward();
      near(x.grad, c.grad, "gradient");
    });
  }

  test("one by one", () => {
    const x = tensor([
      [3, 0],
      [0, 4],
    ]);
    // torch: tensor(5.), tensor(7.)
    assert.equal(String(norm(x, "fro")), "tensor(5.)");
    assert.equal(String(norm(x, "nuc")), "tensor(7.)");
    const leaf = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).requiresGrad_();
    const y = leaf.norm("nuc");
    assert.equal(y.gradFn?.name, "SumBackward1");
    y.backward();
    // torch: [[-0.5778, 0.1151, 0.8080], [0.7067, 0.5658, 0.4248]]
    assert.equal(
      String(leaf.grad),
      "tensor([[-0.5778,  0.1151,  0.8080],\n        [ 0.7067,  0.5658,  0.4248]])",
    );
  });

  test("where singular values are equal or zero", () => {
    const gradient = (x: Tensor, call: (x: Tensor) => Tensor): unknown => {
      const own = x.clone().requiresGrad_();
      call(own).backward();
      return own.grad?.toArraySync();
    };
    const unit = [
      [1, 0],
      [0, 1],
    ];
    const nuclear = (x: Tensor): Tensor => x.norm("nuc");
    // torch, the same.
    assert.deepEqual(gradient(zeros([2, 2]), nuclear), unit);
    assert.deepEqual(gradient(eye(2), nuclear), unit);
    assert.deepEqual(
      gradient(
        tensor([
          [3, 0],
          [0, 0],
        ]),
        nuclear,
      ),
      unit,
    );
    const halves = [
      [0.5, 0],
      [0, 0.5],
    ];
    for (const ord of [2, -2])
      assert.deepEqual(
        gradient(eye(2), (x) => linalg.matrixNorm(x, ord)),
        halves,
      );
    assert.deepEqual(
      gradient(zeros([2, 2]), (x) => x.norm("fro")),
      [
        [0, 0],
        [0, 0],
      ],
    );
  });

  test("without elements", () => {
    const none = [zeros([0, 3]), zeros([2, 0]), zeros([0, 0])];
    for (const x of none) {
      for (const ord of ["fro", "nuc"] as const) {
        assert.equal(x.norm(ord).itemSync(), 0);
        assert.equal(linalg.matrixNorm(x, ord).itemSync(), 0);
      }
      for (const ord of [2, -2]) assert.throws(() => linalg.matrixNorm(x, ord), IndexError);
    }
    assert.equal(linalg.matrixNorm(zeros([0, 3]), 1).itemSync(), 0);
    assert.equal(linalg.matrixNorm(zeros([2, 0]), Infinity).itemSync(), 0);
    assert.deepEqual(zeros([2, 0, 3]).norm("nuc", [1, 2]).toArraySync(), [0, 0]);
    assert.deepEqual(zeros([0, 2, 3]).norm("nuc", [1, 2]).shape, [0]);
    assert.deepEqual(linalg.svdvals(zeros([3, 0])).shape, [0]);
    assert.deepEqual(linalg.svdvals(zeros([0, 2, 3])).shape, [0, 2]);
  });

  test("what PyTorch refuses", () => {
    const x = ones([2, 3]);
    const y = ones([2, 3, 4]);
    const rows: [ErrorConstructor | typeof ValueError, () => unknown][] = [
      [ArgumentError, () => x.norm(anything("foo"))],
      [ShapeError, () => y.norm("nuc")],
      [ShapeError, () => y.norm("nuc", 0)],
      [ShapeError, () => y.norm("nuc", [0, 1, 2])],
      [ShapeError, () => x.norm("nuc", [0, 0])],
      [IndexError, () => x.norm("nuc", [0, 5])],
      [ShapeError, () => y.norm("fro", [0, 1, 2])],
      [ShapeError, () => x.at(0).norm("nuc")],
      [DTypeError, () => tensor([[1n]]).norm("fro")],
      [DTypeError, () => tensor([[1n]]).norm("nuc")],
      [ValueError, () => tensor([[Number.NaN, 1]]).norm("nuc")],
      [ValueError, () => linalg.matrixNorm(tensor([[Infinity, 1]]), 2)],
      [ShapeError, () => linalg.matrixNorm(x.at(0))],
      [ValueError, () => linalg.matrixNorm(x, 3)],
      [ValueError, () => linalg.matrixNorm(x, 0)],
      [ArgumentError, () => linalg.matrixNorm(x, anything("foo"))],
      [ShapeError, () => linalg.matrixNorm(x, 2, [0, 0])],
      [ArgumentError, () => linalg.matrixNorm(x, 2, anything(0))],
      [ShapeError, () => linalg.svdvals(x.at(0))],
      [DTypeError, () => linalg.svdvals(tensor([[1n]]))],
      [ArgumentError, () => linalg.svdvals(anything([[1]]))],
    ];
    for (const [kind, call] of rows) assert.throws(call, kind, String(call));
  });
});

describe("singular values are NumPy's", () => {
  for (const c of fixture.singular) {
    test(c.about, () => near(linalg.svdvals(long(c.shape, c.a)), c.s, "singular values", 1e-14));
  }

  test("of float32, transposed", () => {
    const x = tensor([
      [3, 4],
      [0, 5],
    ]);
    assert.equal(String(linalg.svdvals(x.T)), "tensor([6.7082, 2.2361])");
    assert.equal(linalg.svdvals(x).dtype, "float32");
  });
});

describe("least squares are PyTorch's", () => {
  type Filled = [shape: number[], values: number[]];
  for (const c of fixture.lstsq) {
    test(`${c.about}, ${c.driver}`, () => {
      const [a, b] = [c.a, c.b].map((x) => long(...(x as Filled)).requiresGrad_());
      const driver = c.driver as linalg.LstsqDriver;
      const found = linalg.lstsq(a, b, { rcond: c.rcond, driver });
      for (const key of ["solution", "residuals", "rank", "singularValues"] as const) {
        const [shape, values] = c[key] as Filled;
        assert.deepEqual(found[key].shape, shape, key);
        // Singular values that stand for zero are rounding.
        near(found[key], values, key, key === "singularValues" ? 1e-11 : 1e-8);
      }
      assert.equal(found.rank.dtype, "int64");
      assert.equal(found.solution.gradFn?.name, "LinalgLstsqBackward0");
      assert.equal(found.rank.requiresGrad || found.singularValues.requiresGrad, false);
      weighted(found.solution).backward();
      if (!("grads" in c)) return;
      near(a.grad, c.grads?.[0] as number[], "gradient of A", 1e-7);
      near(b.grad, c.grads?.[1] as number[], "gradient of B", 1e-7);
    });
  }

  test("one by one", () => {
    const a = tensor([
      [1, 0],
      [1, 1],
      [1, 2],
    ]).requiresGrad_();
    linalg
      .lstsq(a, tensor([[1], [2], [4]]))
      .solution.sum()
      .backward();
    // torch: [[-0.2222, -0.5], [-0.3889, -0.5], [-0.2222, -0.5]]
    assert.equal(
      String(a.grad),
      "tensor([[-0.2222, -0.5000],\n        [-0.3889, -0.5000],\n        [-0.2222, -0.5000]])",
    );
    // torch: [3, 2, 1]
    assert.deepEqual(
      linalg.lstsq(eye(2).mul(2).expand([3, 2, 2]), ones([3, 2, 1])).solution.shape,
      [3, 2, 1],
    );
    const scaled = tensor([
      [3, 0],
      [0, 2],
    ]);
    // torch: tensor([3., 2.])
    assert.equal(
      String(linalg.lstsq(scaled, tensor([[3], [2]]), { driver: "gelsd" }).singularValues),
      "tensor([3., 2.])",
    );
  });

  test("the gradient of residuals, which releases after PyTorch 1.13 have", () => {
    const a = tensor([
      [1, 0],
      [1, 1],
      [1, 2],
    ]).requiresGrad_();
    const b = tensor([[1], [2], [4]]).requiresGrad_();
    const { solution, residuals } = linalg.lstsq(a, b, { driver: "gels" });
    const rest = b.detach().sub(a.detach().matmul(solution.detach()));
    residuals.sum().backward();
    near(b.grad, Array.from(rest.mul(2).dataSync(), Number), "gradient of B", 1e-5);
    const wanted = rest.mul(-2).matmul(solution.detach().T);
    near(a.grad, Array.from(wanted.dataSync(), Number), "gradient of A", 1e-5);
  });

  test("without elements", () => {
    for (const driver of ["gelsy", "gelsd", "gelss", "gels"] as const) {
      const of = (a: number[], b: number[]): linalg.LstsqResult => linalg.lstsq(ones(a), ones(b), { driver });
      assert.deepEqual(of([0, 3], [0, 2]).solution.toArraySync(), [
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
      assert.deepEqual(of([3, 0], [3, 2]).solution.shape, [0, 2]);
      assert.deepEqual(of([3, 2], [3, 0]).solution.shape, [2, 0]);
      assert.deepEqual(of([0, 3, 2], [0, 3, 1]).solution.shape, [0, 2, 1]);
      assert.deepEqual(of([0, 0], [0, 2]).solution.shape, [0, 2]);
      assert.deepEqual(of([2, 0, 3], [2, 0, 1]).solution.shape, [2, 3, 1]);
    }
    // torch, for gelsd and gelss: residuals [3, 3], rank 0
    const found = linalg.lstsq(ones([3, 0]), ones([3, 2]), { driver: "gelsd" });
    assert.deepEqual([found.residuals.toArraySync(), found.rank.itemSync()], [[3, 3], 0]);
  });

  test("what PyTorch refuses", () => {
    const a = ones([3, 2]);
    const b = ones([3, 1]);
    const batch = ones([2, 3, 2]);
    const rows: [ErrorConstructor | typeof ValueError, () => unknown][] = [
      [ShapeError, () => linalg.lstsq(a, ones([2, 1]))],
      [ShapeError, () => linalg.lstsq(a, ones([2]))],
      [ShapeError, () => linalg.lstsq(a.at(0), b)],
      [ShapeError, () => linalg.lstsq(a, tensor(1))],
      [ShapeError, () => linalg.lstsq(a, ones([2, 3, 1]))],
      [ShapeError, () => linalg.lstsq(batch, b)],
      [ShapeError, () => linalg.lstsq(batch, ones([3]))],
      [ShapeError, () => linalg.lstsq(batch, ones([3, 3]))],
      [ShapeError, () => linalg.lstsq(batch, ones([3, 3, 1]))],
      [DTypeError, () => linalg.lstsq(a, b.double())],
      [DTypeError, () => linalg.lstsq(a.int(), b.int())],
      [ArgumentError, () => linalg.lstsq(a, anything([1]))],
      [ArgumentError, () => linalg.lstsq(a, b, { driver: anything("foo") })],
      [ArgumentError, () => linalg.lstsq(a, b, { rcond: anything("1") })],
      [ValueError, () => linalg.lstsq(a, b, { rcond: Number.NaN })],
      [ValueError, () => linalg.lstsq(a, b.mul(Number.NaN))],
      [ValueError, () => linalg.lstsq(a.mul(Infinity), b)],
      // torch: _LinAlgError, the input matrix does not have full rank
      [
        ValueError,
        () =>
          linalg.lstsq(
            tensor([
              [1, 0],
              [0, 0],
            ]),
            ones([2, 1]),
            { driver: "gels" },
          ),
      ],
    ];
    for (const [kind, call] of rows) assert.throws(call, kind, String(call));
  });
});
