import * as fl from "flambeau";
import { F, tensor } from "flambeau";
import { type Cases, of, shaped, whole } from "./case.ts";

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
