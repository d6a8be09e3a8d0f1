/**
 * What has no gradient, or no float: comparisons, positions, integers, casts, writes in place. Calls by name, whose results
 * on a device are the CPU's to the last bit.
 */
import * as T from "@flambeau/tensor";

/** Inputs on a device: what an op could stumble over, in every dtype. */
export class Inputs {
  readonly device: string;
  constructor(device: string) {
    this.device = device;
  }

  of(list: readonly number[], dtype: "float32" | "int32" | "uint8" | "bool" = "float32"): T.Tensor {
    return T.tensor(Float64Array.from(list), { dtype, device: this.device });
  }

  long(...list: number[]): T.Tensor {
    return T.tensor(BigInt64Array.from(list, BigInt), { device: this.device });
  }

  /** Ties, nan, infinities, zeros of both signs. */
  get a(): T.Tensor {
    return this.of([1, -2, Number.NaN, 3, 3, -0, 0, Infinity, -Infinity, 0.5, -2, 1e-3]).reshape([3, 4]);
  }

  get b(): T.Tensor {
    return this.of([1, -3, 2, Number.NaN, 3, 0, -0, Infinity, 5, 0.25, -2, 1]).reshape([3, 4]);
  }

  get row(): T.Tensor {
    return this.of([1, -2, Number.NaN, 3]);
  }

  get i(): T.Tensor {
    return this.long(5, -3, 0, 7, 2, 2, -8, 1, 3, 10000, -7, 4).reshape([3, 4]);
  }

  get j(): T.Tensor {
    return this.long(2, 3, -1, 7, 2, -2, 3, 5, 1, 2, -4, 4).reshape([3, 4]);
  }

  get m(): T.Tensor {
    return this.of([1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1], "bool").reshape([3, 4]);
  }

  get u(): T.Tensor {
    return this.of([0, 1, 200, 255, 7, 100], "uint8");
  }

  get n(): T.Tensor {
    return this.of([2147483647, -2147483648, 5, -7, 0, 46341], "int32");
  }
}

type Calls = readonly ((x: Inputs) => T.Tensor)[];

const compare = (name: "eq" | "ne" | "lt" | "le" | "gt" | "ge"): Calls => [
  (x) => x.a[name](x.b),
  (x) => x.a[name](x.row),
  (x) => x.a[name](1),
  (x) => x.i[name](x.j),
  (x) => x.i[name](2n),
  (x) => x.i[name](x.a),
  (x) => x.m[name](x.m.logicalNot()),
  (x) => x.u[name](200),
  (x) => x.n[name](5),
  (x) => x.a.T[name](x.b.T),
];

const logical = (name: "logicalAnd" | "logicalOr" | "logicalXor"): Calls => [
  (x) => x.a[name](x.b),
  (x) => x.i[name](x.j),
  (x) => x.m[name](x.a),
];

const bits = (name: "bitwiseAnd" | "bitwiseOr" | "bitwiseXor"): Calls => [
  (x) => x.i[name](x.j),
  (x) => x.n[name](12),
  (x) => x.u[name](x.u.flip([0])),
  (x) => x.m[name](x.m.flip([0])),
];

const position = (name: "argmax" | "argmin"): Calls => [
  (x) => x.a[name](),
  (x) => x.a[name](0),
  (x) => x.b[name](-1, { keepdim: true }),
  (x) => x.i[name](1),
  (x) => x.i.T[name](0),
  (x) => x.u[name](),
  (x) => T.arange(3000, { device: x.device }).remainder(1009)[name](),
];

const truth = (name: "any" | "all"): Calls => [
  (x) => x.a[name](),
  (x) => x.m[name](0),
  (x) => x.i[name](1, { keepdim: true }),
  (x) => T.zeros([0, 3], { device: x.device })[name](0),
];

const test = (name: "isnan" | "isinf" | "isfinite"): Calls => [(x) => x.a[name](), (x) => x.i[name]()];

export const plain: Readonly<Record<string, Calls>> = {
  ...Object.fromEntries((["eq", "ne", "lt", "le", "gt", "ge"] as const).map((name) => [name, compare(name)])),
  ...Object.fromEntries(
    (["logicalAnd", "logicalOr", "logicalXor"] as const).map((name) => [name, logical(name)]),
  ),
  ...Object.fromEntries(
    (["bitwiseAnd", "bitwiseOr", "bitwiseXor"] as const).map((name) => [name, bits(name)]),
  ),
  ...Object.fromEntries((["isnan", "isinf", "isfinite"] as const).map((name) => [name, test(name)])),
  ...Object.fromEntries((["argmax", "argmin"] as const).map((name) => [name, position(name)])),
  ...Object.fromEntries((["any", "all"] as const).map((name) => [name, truth(name)])),
  logicalNot: [(x) => x.a.logicalNot(), (x) => x.i.logicalNot(), (x) => x.m.logicalNot()],
  bitwiseNot: [
    (x) => x.i.bitwiseNot(),
    (x) => x.n.bitwiseNot(),
    (x) => x.u.bitwiseNot(),
    (x) => x.m.bitwiseNot(),
  ],
  isclose: [
    (x) => x.a.isclose(x.b, { atol: 1 }),
    (x) => x.a.isclose(x.a, { equalNan: true }),
    (x) => x.i.isclose(x.j),
  ],
  countNonzero: [(x) => x.a.countNonzero(), (x) => x.m.countNonzero(0), (x) => x.i.countNonzero(1)],
  argsort: [(x) => x.a.argsort(1), (x) => x.b.argsort(0), (x) => x.i.argsort(1, { descending: true })],
  int: [(x) => x.of([1.9, -1.9, 3e5, -0]).int(), (x) => x.i.int(), (x) => x.m.int(), (x) => x.u.int()],
  long: [(x) => x.of([1.9, -1.9, 3e5, -0]).long(), (x) => x.n.long(), (x) => x.m.long(), (x) => x.u.long()],
  bool: [
    (x) => x.a.bool(),
    (x) => x.i.bool(),
    (x) => x.u.bool(),
    (x) => x.of([1e-30, -0, Number.NaN]).bool(),
  ],
  byte: [(x) => x.of([1.9, 200.5, 3, 0]).byte(), (x) => x.i.byte(), (x) => x.m.byte(), (x) => x.u.byte()],
  float: [(x) => x.i.float(), (x) => x.n.float(), (x) => x.m.float(), (x) => x.u.float()],
  isin: [(x) => T.isin(x.a, x.row), (x) => T.isin(x.i, x.j), (x) => T.isin(x.u, x.long(7, 200))],
  searchsorted: [
    (x) => T.searchsorted(x.of([-2, 0, 0, 3]), x.a),
    (x) => T.searchsorted(x.j.sort(1).values, x.i, { right: true }),
  ],
  bucketize: [
    (x) => T.bucketize(x.a, x.of([-2, 0, 0, 3]), { right: true }),
    (x) => T.bucketize(x.u, x.long(7, 100)),
  ],
  "to uint8": [(x) => x.of([0, 1.9, 200.5, 255]).to("uint8"), (x) => x.long(0, 7, 255).to("uint8")],

  "arithmetic of integers": [
    (x) => x.i.add(x.j),
    (x) => x.i.sub(x.j),
    (x) => x.i.mul(x.j),
    (x) => x.i.floorDivide(x.j),
    (x) => x.i.remainder(x.j),
    (x) => x.i.fmod(x.j),
    (x) => x.i.neg(),
    (x) => x.i.abs(),
    (x) => x.i.sign(),
    (x) => x.i.maximum(x.j),
    (x) => x.i.clamp(-2, 4),
    (x) => x.i.square(),
    (x) => x.n.add(1),
    (x) => x.n.mul(x.n),
    (x) => x.u.add(100),
    (x) => x.u.mul(x.u),
    (x) => x.u.sub(8),
    (x) => x.m.add(x.m),
    (x) => x.m.mul(2),
    (x) => x.m.sum(),
    (x) => x.i.add(x.m),
  ],
  "reductions of integers": [
    (x) => x.i.sum(),
    (x) => x.i.sum(0),
    (x) => x.u.sum(),
    (x) => x.j.prod(),
    (x) => x.j.prod(1),
    (x) => x.i.amax(0),
    (x) => x.i.amin(),
    (x) => x.i.cumsum(1),
    (x) => x.j.cumprod(0),
    (x) => x.i.matmul(x.j.T),
    (x) => T.arange(100000n, { device: x.device }).remainder(7n).sum(),
  ],
  "order and nan": [
    (x) => x.a.sort(1).values,
    (x) => x.a.sort(1).indices,
    (x) => x.b.sort(0, { descending: true }).values,
    (x) => x.b.sort(0, { descending: true }).indices,
    (x) => x.i.sort(-1).indices,
    (x) => x.i.topk(2, 1).indices,
    (x) => x.a.max(1).values,
    (x) => x.a.max(1).indices,
    (x) => x.a.min(0).indices,
    (x) => x.a.amax(0),
    (x) => x.b.amin(1),
    (x) => x.i.median(1).values,
    (x) => x.a.maximum(x.row),
    (x) => x.a.minimum(x.row),
    (x) => x.a.clamp(-1, 1),
    (x) => T.arange(4000, { device: x.device }).remainder(37).sort(0).indices,
  ],
  places: [
    (x) => x.a.gather(1, x.long(0, 3, 2, 1, 1, 0).reshape([3, 2])),
    (x) => x.i.gather(0, x.long(2, 0).reshape([1, 2])),
    (x) => x.i.scatter(1, x.long(3, 0, 1).reshape([3, 1]), 9n),
    (x) => x.i.scatterAdd(0, x.long(0, 0, 2, 2).reshape([1, 4]), x.j),
    (x) => x.m.indexSelect(1, x.long(2, 2, 0)),
    (x) => x.u.take(x.long(-1, 0)),
    (x) => x.m.flip([0, 1]),
    (x) => T.cat([x.u, x.u]),
    (x) => T.where(x.m, x.i, x.j),
    (x) => x.i.maskedFill(x.m, -1),
    (x) => x.m.T.contiguous(),
  ],
  "in place": [
    (x) => x.a.add_(1).mul_(x.b).sub_(x.row),
    (x) => x.i.add_(x.j).mul_(2n),
    (x) => x.u.add_(x.u),
    (x) => x.m.logicalNot().fill_(true),
    (x) => {
      const y = x.a;
      y.at(":", 1).add_(y.at(":", 2)).mul_(2);
      y.T.select(0, 3).copy_(y.select(1, 0));
      return y;
    },
    (x) =>
      x.a
        .ravel()
        .narrow(0, 1, 6)
        .copy_(x.a.ravel().narrow(0, 0, 6)),
    (x) => x.i.zero_(),
  ],
  large: [
    (x) => T.arange(200000, { device: x.device }).remainder(17).sub(3).gt(5).sum(),
    (x) => T.arange(70000, { device: x.device }).remainder(13).reshape([7, 10000]).sum(1),
    (x) => T.arange(70000, { device: x.device }).remainder(13).reshape([10000, 7]).sum(1),
    (x) => T.arange(70000, { device: x.device }).remainder(13).reshape([10000, 7]).sum(0),
    (x) => {
      const y = T.arange(300 * 130, { device: x.device })
        .remainder(5)
        .reshape([300, 130]);
      return y.matmul(y.T.contiguous().T.T);
    },
    (x) => T.arange(5000n, { device: x.device }).remainder(3n).cumsum(0),
  ],
  nothing: [
    (x) => T.zeros([0], { device: x.device }).sum(),
    (x) => T.zeros([0, 3], { device: x.device }).sum(0),
    (x) => T.zeros([2, 0], { device: x.device }).matmul(T.zeros([0, 3], { device: x.device })),
    (x) => T.zeros([0], { device: x.device }).add(1),
    (x) => T.zeros([0, 2], { device: x.device }).sort(1).indices,
    (x) => T.cat([T.zeros([0], { device: x.device }), x.row.narrow(0, 0, 1)]),
  ],
};
