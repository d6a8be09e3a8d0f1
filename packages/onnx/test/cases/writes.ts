import * as fl from "flambeau";
import { F, tensor } from "flambeau";
import { type Cases, of } from "./case.ts";

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
  "a detached tensor after a write to a part": of((x) => {
    const y = x.clone();
    y.set([y.gt(1)], 7);
    const z = y.detach();
    const first = y.select(0, 0);
    z.mul_(2);
    return [y, first, z];
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
