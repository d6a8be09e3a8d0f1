/** grad_fn as PyTorch 1.13 prints it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "@flambeau/autograd";
import {
  addmm,
  cat,
  cdist,
  hardtanh,
  kron,
  kthvalue,
  linear,
  nanToNum,
  ones,
  pow,
  rot90,
  stack,
  stdMean,
  type Tensor,
  tensor,
  varMean,
  where,
} from "@flambeau/tensor";

const x = tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { requiresGrad: true },
);
const y = tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { requiresGrad: true },
);
const w = tensor([[1, 2, 3]], { requiresGrad: true });
const b = tensor([1], { requiresGrad: true });
const index = tensor([[0n, 0n, 0n]]);
const row = tensor([1, 2, 3], { requiresGrad: true });

const names: Readonly<Record<string, Tensor[]>> = {
  AddBackward0: [x.add(y), x.add(1)],
  SubBackward0: [x.sub(y), x.sub(1)],
  RsubBackward1: [x.rsub(1)],
  MulBackward0: [x.mul(y), x.mul(2)],
  DivBackward0: [x.div(y), x.div(2)],
  PowBackward0: [x.pow(2), x.square()],
  PowBackward1: [x.pow(y)],
  NegBackward0: [x.neg()],
  ExpBackward0: [x.exp()],
  Log1PBackward0: [x.log1p()],
  ClampBackward0: [x.clamp({ max: y })],
  ClampBackward1: [x.clamp(0, 1), x.clamp({ min: 0 })],
  ClampMinBackward0: [x.clampMin(0)],
  ClampMinBackward1: [x.clampMin(y)],
  ClampMaxBackward0: [x.clampMax(0)],
  ReluBackward0: [x.relu()],
  HardtanhBackward0: [hardtanh(x, -1, 1)],
  RoundBackward1: [x.round({ decimals: 1 })],
  SigmoidBackward0: [x.sigmoid()],
  WhereBackward0: [where(x.gt(0), x, y)],
  LerpBackward0: [x.lerp(y, 0.5)],
  LerpBackward1: [x.lerp(y, x)],
  RemainderBackward0: [x.remainder(2)],
  RemainderBackward1: [x.remainder(y)],
  XlogyBackward0: [x.xlogy(y)],
  XlogyBackward2: [x.xlogy(2)],
  CloneBackward0: [x.clone()],
  ToCopyBackward0: [x.double()],
  ReshapeAliasBackward0: [x.reshape([3, 2]), x.flatten()],
  PermuteBackward0: [x.permute([1, 0]), x.T],
  ExpandBackward0: [b.expand([3])],
  SliceBackward0: [x.at("1:"), x.at(":"), x.at(0, "1:"), x.at(0, ":"), x.narrow(0, 0, 1)],
  SumBackward0: [x.sum()],
  SumBackward1: [x.sum(1), x.sum(-1, { keepdim: true }), row.sum(0), x.sum([0, 1])],
  MeanBackward0: [x.mean()],
  MeanBackward1: [x.mean(0), row.mean(0)],
  ProdBackward0: [x.prod()],
  ProdBackward1: [x.prod(0), row.prod(0)],
  MaxBackward1: [x.max()],
  MinBackward1: [x.min()],
  AmaxBackward0: [x.amax(), x.amax(1)],
  CumsumBackward0: [x.cumsum(0)],
  MmBackward0: [x.matmul(y.t()), linear(x, w)],
  UnsafeViewBackward0: [
    x.unsqueeze(0).matmul(y.t()),
    x.unsqueeze(0).matmul(row),
    x.T.reshape([6]),
    kron(x, y),
  ],
  AddmmBackward0: [linear(x, w, b), addmm(b, x, y.t())],
  ViewBackward0: [linear(x.unsqueeze(0), w, b), x.view([6]), x.ravel(), x.unflatten(1, [3, 1])],
  TBackward0: [x.t()],
  TransposeBackward0: [x.transpose(0, 1), x.mT],
  SqueezeBackward0: [x.mul(1).unsqueeze(0).squeeze()],
  SqueezeBackward1: [x.squeeze(0)],
  UnsqueezeBackward0: [x.unsqueeze(0), x.at(null), x.at(0, null)],
  SelectBackward0: [x.at(0), x.at(":", 0), x.at("1:", 0), x.at("...", 0), x.select(0, 1)],
  AliasBackward0: [x.at("...")],
  IndexBackward0: [x.at([0, 1]), x.at(0, [1]), x.at(x.gt(2))],
  UnbindBackward0: x.unbind(),
  MaxBackward0: [x.max(1).values],
  MinBackward0: [x.min(1, { keepdim: true }).values],
  SortBackward0: [x.sort().values],
  TopkBackward0: [x.topk(2).values],
  MedianBackward0: [x.median()],
  MedianBackward1: [x.median(1).values, x.median(1, { keepdim: true }).values],
  VarBackward0: [x.var(), x.var(0)],
  StdBackward0: [x.std(), x.std(0)],
  LogsumexpBackward0: [x.logsumexp(1)],
  NormBackward1: [x.norm(), x.norm(2, 1), x.norm(3), x.norm(1), x.norm(Infinity), x.norm(-Infinity, 1)],
  CdistBackward0: [cdist(x, y), cdist(x, y, 1)],
  KthvalueBackward0: [kthvalue(x, 1).values, kthvalue(row, 2, 0, { keepdim: true }).values],
  Rot90Backward0: [rot90(x), rot90(x, 2), rot90(x, 0)],
  NanToNumBackward0: [nanToNum(x)],
  VarMeanBackward0: varMean(x, 1),
  StdMeanBackward0: stdMean(x),
  MaskedFillBackward0: [x.maskedFill(x.gt(2), 0)],
  MaskedFillBackward1: [x.maskedFill(x.gt(2), tensor(0))],
  SoftmaxBackward0: [x.softmax(1)],
  LogSoftmaxBackward0: [x.logSoftmax(1)],
  GatherBackward0: [x.gather(0, index)],
  ScatterBackward0: [x.scatter(0, index, y)],
  ScatterAddBackward0: [x.scatterAdd(0, index, y)],
  CatBackward0: [cat([x, y])],
  StackBackward0: [stack([x, y])],
  PowBackward2: [pow(2, x)],
  DivBackward2: [x.div(y, { roundingMode: "trunc" }), x.div(y, { roundingMode: "floor" })],
  MvBackward0: [x.mv(row), x.matmul(row)],
  DotBackward0: [row.dot(row), row.matmul(row)],
  SqueezeBackward3: [row.matmul(x.t())],
  BmmBackward0: [x.unsqueeze(0).bmm(x.t().unsqueeze(0))],
  TraceBackward0: [x.trace()],
  SplitBackward0: [...x.split(1), ...x.chunk(2)],
  SplitWithSizesBackward0: x.split([1, 2], 1),
  DiagonalBackward0: [x.diagonal()],
  DiagBackward0: [x.diag(), row.diag()],
  TrilBackward0: [x.tril()],
  TriuBackward0: [x.triu()],
  FlipBackward0: [x.flip([0]), x.flip([0, 1])],
  RollBackward0: [x.roll(1), x.roll(1, 0)],
  RepeatBackward0: [x.repeat([2, 1]), x.tile([2])],
  IndexSelectBackward0: [x.indexSelect(0, tensor([0n])), x.repeatInterleave(2, 0)],
  IndexAddBackward0: [x.indexAdd(0, tensor([0n]), ones([1, 3]))],
  IndexCopyBackward0: [x.indexCopy(0, tensor([0n]), ones([1, 3]))],
  IndexFillBackward0: [x.indexFill(0, tensor([0n]), 0)],
  IndexFillBackward1: [x.indexFill(0, tensor([0n]), tensor(0))],
  TakeBackward0: [x.take(tensor([0n]))],
  MaskedSelectBackward0: [x.maskedSelect(x.gt(2))],
  NansumBackward0: [x.nansum()],
  ScatterBackward1: [x.scatter(0, index, 7)],
};

for (const [name, tensors] of Object.entries(names)) {
  test(name, () => {
    for (const t of tensors) assert.equal(t.gradFn?.name, name);
  });
}

test("in the text of a tensor", () => {
  assert.equal(String(tensor(2, { requiresGrad: true }).mul(3)), "tensor(6., grad_fn=<MulBackward0>)");
  assert.equal(String(tensor(2, { requiresGrad: true })), "tensor(2., requires_grad=True)");
  const base = x.mul(1);
  base.at(0).mul_(2);
  assert.equal(base.gradFn?.name, "CopySlices");
  const view = base.at(1);
  base.add_(1);
  assert.equal(view.gradFn?.name, "AsStridedBackward0");
});
