import * as fl from "flambeau";
import { F, type Tensor, tensor } from "flambeau";
import { both, type Cases, of, shaped, whole } from "./case.ts";

export const shapes: Cases = {
  "reshape and view": shaped(
    (x) => [x.reshape([-1, 12]), x.view([x.shape[0], 24]), x.flatten(1), x.flatten(), x.ravel()],
    [2, 3, 4],
  ),
  unflatten: shaped((x) => [x.unflatten(1, [2, 3]), fl.unflatten(x, 1, [-1, 2])], [6, 2]),
  "permute and transpose": shaped(
    (x) => [x.permute([2, 0, 1]), x.transpose(0, 2), x.mT, fl.movedim(x, 0, 2), fl.swapaxes(x, 1, 2)],
    [3, 4],
  ),
  "T of a matrix": of((x) => [x.T, x.t()]),
  "squeeze and unsqueeze": shaped(
    (x) => [x.squeeze(1), x.squeeze(), x.unsqueeze(0), x.unsqueeze(-1), x.squeeze([1, 2])],
    [1, 3],
  ),
  "expand and broadcast": shaped(
    (x) => [x.expand([x.shape[0], 5, 3]), fl.broadcastTo(x, [2, x.shape[0], 1, 3]), x.expand([-1, 4, -1])],
    [1, 3],
  ),
  "narrow and select": of((x) => [
    x.narrow(1, 1, 3),
    x.select(1, 2),
    x.select(1, -1),
    x.select(0, 1),
    x.narrow(0, 1, 2),
  ]),
  "split and chunk": of((x) => [
    x.split(2, 1),
    x.split([1, 2, 3], 1),
    x.chunk(3, 1),
    x.unbind(1),
    fl.tensorSplit(x, 4, 1),
  ]),
  "cat and stack": both((x, y) => [
    fl.cat([x, y]),
    fl.cat([x, y], 1),
    fl.stack([x, y]),
    fl.stack([x, y], -1),
    fl.cat([x, y.long()], 0),
    fl.hstack([x, y]),
    fl.vstack([x, y]),
  ]),
  repeat: of((x) => [
    x.repeat([2, 3]),
    x.repeat([2, 1, 1]),
    x.tile([2]),
    x.repeatInterleave(2, 1),
    fl.tile(x, [2, 2]),
  ]),
  roll: of((x) => [fl.roll(x, 1, 1), fl.roll(x, [1, -2], [0, 1]), fl.roll(x, 2), fl.roll(x, 7, 1)]),
  flip: of((x) => [x.flip([0]), x.flip([0, 1]), fl.fliplr(x), fl.flipud(x)]),
  "tril and triu": of((x) => [x.tril(), x.triu(), x.tril(1), x.triu(-1), x.gt(0).tril(), x.long().triu()]),
  "diag of fixed sizes": {
    run: ((x: Tensor) => [x.diagonal(), fl.diag(x)]) as never,
    inputs: () => [
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ],
    open: [null],
  },
  diagEmbed: of((x) => fl.diagEmbed(x)),
  oneHot: whole((x) => F.oneHot(x.abs(), 6)),
  "pad of zeros and numbers": shaped(
    (x) => [
      F.pad(x, [1, 2]),
      F.pad(x, [1, 2, 0, 1]),
      F.pad(x, [1, 1], "constant", 3),
      F.pad(x, [-1, 1]),
      fl.constantPadNd(x, [1, 0], 2),
    ],
    [3, 4],
  ),
  "pad by reflection": shaped(
    (x) => [F.pad(x, [1, 2], "reflect"), F.pad(x, [1, 2, 1, 0], "replicate"), F.pad(x, [1, 2], "circular")],
    [2, 5, 4],
  ),
  "circular pad of opset 19": {
    ...shaped((x) => F.pad(x, [1, 2], "circular"), [2, 5, 4]),
    options: { opset: 19 },
  },
  pixelShuffle: shaped(
    (x) => [F.pixelShuffle(x, 2), F.pixelUnshuffle(x, 2), F.channelShuffle(x, 2)],
    [8, 4, 6],
  ),
  "zeros, ones and full of sizes": of((x) =>
    [
      fl.zeros([x.shape[0], 2]),
      fl.ones([3, x.shape[0]]).mul(2),
      fl.full([x.shape[0]], 3),
      fl.zerosLike(x),
      fl.onesLike(x),
      fl.fullLike(x, 4),
      x.newZeros([x.shape[0]]),
    ].map((y) => y.add(0)),
  ),
  arange: of((x) => [
    fl.arange(x.shape[0]).add(0),
    fl.arange(0, 6, 2).add(0),
    fl.arange(1, x.shape[0] + 1, { dtype: "int64" }).add(0),
    fl.arange(0, 1, 0.25).add(0),
  ]),
  "sizes as numbers": of((x) => [
    x.mul(x.shape[0]),
    x.div(x.shape[0] * 2 + 1),
    fl.tensor([x.shape[0], 6]).add(0),
  ]),
  "linspace and eye": of((x) => [
    x.add(fl.linspace(0, 1, 6)),
    x.matmul(fl.eye(6).typeAs(x)),
    x.add(fl.logspace(0, 1, 6)),
  ]),
  meshgrid: of((x) => fl.meshgrid([fl.arange(x.shape[0]), fl.arange(3)]).map((y) => y.add(0))),
  contiguous: of((x) => [x.t().contiguous(), x.clone(), x.detach().add(1)]),
  unfold: { run: ((x: Tensor) => fl.unfold(x, 1, 3, 2)) as never, inputs: (n) => of((x) => x).inputs(n) },
  "F.unfold": shaped((x) => [F.unfold(x, 2), F.unfold(x, 3, 1, 1, 2)], [2, 4, 5]),
  "F.fold": shaped((x) => F.fold(x, [4, 5], 2, 1, 1, 2), [8, 9]),
};

export const indexing: Cases = {
  "numbers and ranges": shaped(
    (x) => [
      x.at(0),
      x.at(-1),
      x.at(":", 1),
      x.at("1:"),
      x.at(":-1"),
      x.at(":", "::2"),
      x.at("...", 1),
      x.at(null),
      x.at(":", null, "1:3"),
      x.at("::2"),
    ],
    [4, 3],
  ),
  "ranges from behind": shaped((x) => [x.at(":", "-2:"), x.at(":", ":-1", 0), x.at(":", -1, -1)], [4, 3]),
  "an index tensor": shaped(
    (x) => [x.at(tensor([0n, 1n, 0n])), x.at(":", tensor([2n, 0n])), x.at("...", tensor([[1n], [-1n]]))],
    [4, 3],
  ),
  "a list": shaped((x) => [x.at([0, 1]), x.at(":", [2, 0])], [4, 3]),
  "index tensors together": shaped(
    (x) => [
      x.at(tensor([0n, 1n]), tensor([2n, -1n])),
      x.at(":", tensor([0n, 1n]), tensor([2n, 0n])),
      x.at(tensor([0n, 1n]), ":", tensor([2n, 0n])),
    ],
    [4, 3],
  ),
  "a mask": of((x) => [x.at(x.gt(0)), x.maskedSelect(x.gt(0)), x.at(x.at(":", 0).gt(-10))]),
  "masks of other dimensions": shaped(
    (x) => [
      x.at(":", tensor([true, false, true, true])),
      x.at(":", ":", tensor([false, true, true])),
      x.at(":", x.select(0, 0).gt(0)),
      x.at([0, 1], tensor([true, false, true, false])),
    ],
    [4, 3],
  ),
  "tensors, numbers and ranges": shaped(
    (x) => [
      x.at("1:", tensor([0n, 2n, 0n])),
      x.at(1, tensor([0n, 2n])),
      x.at(tensor([0n, 1n]), 1),
      x.at(tensor([[0n], [1n]]), ":", tensor([2n, 0n, 1n])),
      x.at(null, tensor([0n, 1n]), tensor([1n, 1n])),
      x.at(":", tensor([0n, 1n]), null, tensor([1n, 1n])),
    ],
    [4, 3],
  ),
  nonzero: of((x) => [fl.nonzero(x.gt(0)), fl.where(x.gt(0))]),
  gather: whole((x, y) => [
    x.gather(1, y.abs().clamp(0, 5)),
    x.gather(0, y.at(":1").abs().clamp(0, 1)),
    fl.takeAlongDim(x, x.argsort(1), 1),
  ]),
  indexSelect: of((x) => [x.indexSelect(1, tensor([0n, 3n])), x.indexSelect(0, tensor([1n]))]),
  take: of((x) => fl.take(x, tensor([0n, 5n, 3n]))),
  scatter: of((x) => [
    x.scatter(
      1,
      tensor([
        [0n, 1n],
        [2n, 3n],
      ]),
      x,
    ),
    x.scatter(1, tensor([[0n], [2n]]), 7),
    x.scatterAdd(
      1,
      tensor([
        [0n, 0n],
        [2n, 3n],
      ]),
      x,
    ),
    x.scatter(1, tensor([[1n], [2n]]), 2, { reduce: "multiply" }),
  ]),
  indexAdd: of((x) => [
    x.indexAdd(1, tensor([0n, 0n]), x.narrow(1, 0, 2)),
    x.indexFill(1, tensor([2n]), 5),
    x.indexCopy(1, tensor([1n]), x.narrow(1, 0, 1)),
  ]),
  embedding: whole((x) =>
    F.embedding(
      x.abs(),
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
        [9, 10],
        [11, 12],
      ]),
    ),
  ),
  "scattered extremes": {
    ...of((x) => {
      const index = x.mul(2).abs().long().clamp(0, 5);
      return [
        fl.scatterReduce(x, 1, index, x.flip([1]), "amax"),
        fl.scatterReduce(x, 1, index, x.flip([1]), "amin", { includeSelf: false }),
      ];
    }),
    options: { opset: 18 },
  },
  "scattered sums and means": of((x) => {
    const index = x.mul(2).abs().long().clamp(0, 5);
    return [
      fl.scatterReduce(x, 1, index, x, "sum"),
      fl.scatterReduce(x, 1, index, x, "mean"),
      fl.scatterReduce(x, 1, index, x, "prod", { includeSelf: false }),
    ];
  }),
  "embedding bags": whole((x) => [
    F.embeddingBag(
      x.abs(),
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
        [9, 10],
        [11, 12],
      ]),
      { mode: "sum" },
    ),
    F.embeddingBag(
      x.abs(),
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
        [9, 10],
        [11, 12],
      ]),
    ),
  ]),
};

export const writes: Cases = {
  "in place": of((x) => {
    const y = x.mul(2);
    y.add_(1);
    y.mul_(x);
    return y;
  }),
  "through a view": of((x) => {
    const y = x.mul(2);
    y.at(0).fill_(3);
    y.select(1, 1).mul_(10);
    y.t().at("1:3").add_(100);
    return y;
  }),
  "a view before the write": of((x) => {
    const y = x.mul(2);
    const row = y.at(1);
    const z = row.add(1);
    y.add_(1);
    return [row, z, y];
  }),
  set: of((x) => {
    const y = x.clone();
    y.set([0, 1], 5);
    y.set([":", 2], x.at(":", 0));
    y.set(["::2"], 0);
    return y;
  }),
  "set of masks and positions": of((x) => {
    const y = x.clone();
    y.set([y.gt(1)], 7);
    y.set([":", [0, 2]], x.at(":", "1:3"));
    y.set([tensor([0n, 1n]), tensor([4n, 5n])], 9);
    y.set([tensor([0n, -1n])], x.at("1:3"));
    return y;
  }),
  "of what was empty": of((x) => {
    const y = fl.empty([x.shape[0], 2]);
    y.fill_(1);
    const z = fl.emptyLike(x);
    z.copy_(x);
    const w = x.newEmpty([2]);
    w.zero_();
    return [y, z, w];
  }),
  "tril in place": of((x) => {
    const y = x.clone();
    y.tril_();
    y.triu_(-1);
    y.cumsum_(1);
    return y;
  }),
  "of one input": of((x) => {
    x.add_(0);
    const y = x.clone();
    y.zero_();
    return [y, x];
  }),
  "scatter in place": of((x) => {
    const y = x.clone();
    y.scatter_(1, tensor([[0n], [2n]]), 7);
    y.scatterAdd_(1, tensor([[0n], [2n]]), x);
    y.scatter_(1, tensor([[1n], [2n]]), 3, { reduce: "multiply" });
    return y;
  }),
  "mask in place": of((x) => {
    const y = x.clone();
    y.maskedFill_(y.gt(0), -1);
    return [y, F.relu(x.clone(), true)];
  }),
  "parts in place": of((x) => {
    const y = x.clone();
    const [a, b] = y.chunk(2, 1);
    a.mul_(2);
    b.copy_(a);
    return y;
  }),
  "parts that no product of sizes gives": of((x) => {
    const y = x.clone();
    y.at("::2").mul_(2);
    y.set(["1::2", 0], 3);
    y.set([":", "::2"], x.at(":", ":3"));
    return y;
  }),
};
