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
