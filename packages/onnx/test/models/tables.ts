import { cat, einsum, F, nn, type Tensor, tensor, zerosLike } from "flambeau";
import { wave } from "../runtime.ts";
import { BATCH, type Model, type Models } from "./model.ts";

const rows = (make: () => nn.Module, columns: number): Model => ({
  make,
  inputs: (batch) => [wave([batch, columns])],
  axes: [BATCH],
});

const codes = (batch: number, columns: number, classes: number): Tensor =>
  tensor(
    Array.from({ length: batch }, (_, i) =>
      Array.from({ length: columns }, (_, j) => BigInt((i * 3 + j * 2) % classes)),
    ),
  );

class Nonlinear extends nn.Module {
  hidden = new nn.Linear(1, 6);
  output = new nn.Linear(6, 1);
  sigmoid = new nn.Sigmoid();
  override forward(x: Tensor): Tensor {
    return this.output(this.sigmoid(this.hidden(x)));
  }
}

class Dueling extends nn.Module {
  features = new nn.Linear(4, 16);
  value = new nn.Linear(16, 1);
  advantage = new nn.Linear(16, 3);
  override forward(x: Tensor): { q: Tensor; action: Tensor } {
    const h = F.relu(this.features(x));
    const a = this.advantage(h);
    const q = this.value(h).add(a).sub(a.mean(1, true));
    return { q, action: q.argmax(1) };
  }
}

class Tabular extends nn.Module {
  embeddings = new nn.ModuleList([5, 7, 3].map((size) => new nn.Embedding(size, 3)));
  layers = new nn.Sequential(new nn.Linear(11, 16), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(16, 2));
  override forward(codes: Tensor, numbers: Tensor): Tensor {
    const embedded = [...this.embeddings].map((embedding, i) => embedding(codes.at(":", i)));
    return this.layers(cat([...embedded, numbers], 1));
  }
}

class Bag extends nn.Module {
  bag = new nn.EmbeddingBag(9, 6, { mode: "mean" });
  fc = new nn.Linear(6, 2);
  override forward(x: Tensor): Tensor {
    return this.fc(this.bag(x));
  }
}

class GraphConvolution extends nn.Module {
  weight: nn.Parameter;
  bias: nn.Parameter;
  constructor(from: number, to: number) {
    super();
    this.weight = new nn.Parameter(wave([from, to], "float32", -0.5, 0.5));
    this.bias = new nn.Parameter(wave([to], "float32", -0.5, 0.5));
  }
  override forward(x: Tensor, edges: Tensor, norm: Tensor): Tensor {
    const [row, col] = edges;
    const support = x.matmul(this.weight);
    const messages = support.at(row).mul(norm.unsqueeze(1));
    return zerosLike(support).indexAdd(0, col, messages).add(this.bias);
  }
}

class GCN extends nn.Module {
  gc1 = new GraphConvolution(5, 8);
  gc2 = new GraphConvolution(8, 3);
  override forward(x: Tensor, edges: Tensor, norm: Tensor): Tensor {
    x = F.relu((this.gc1 as unknown as (...args: Tensor[]) => Tensor)(x, edges, norm));
    return (this.gc2 as unknown as (...args: Tensor[]) => Tensor)(x, edges, norm);
  }
}

class Factorization extends nn.Module {
  v = new nn.Parameter(wave([6, 4], "float32", -0.5, 0.5));
  linear = new nn.Linear(6, 1);
  override forward(x: Tensor): Tensor {
    const squared = einsum("bi,ik->bk", x, this.v).pow(2);
    const squares = einsum("bi,ik->bk", x.pow(2), this.v.pow(2));
    return this.linear(x).squeeze(1).add(squared.sub(squares).sum(1).mul(0.5));
  }
}

class Mixture extends nn.Module {
  gate = new nn.Linear(6, 3);
  experts = new nn.ModuleList([0, 1, 2].map(() => new nn.Linear(6, 4)));
  override forward(x: Tensor): Tensor {
    const scores = this.gate(x).softmax(1);
    const [best, at] = scores.topk(2, 1);
    const all = [...this.experts].map((expert) => expert(x).unsqueeze(1));
    const picked = cat(all, 1).gather(1, at.unsqueeze(-1).expand([-1, -1, 4]));
    return picked.mul(best.div(best.sum(1, true)).unsqueeze(-1)).sum(1);
  }
}

class Tied extends nn.Module {
  embed = new nn.Linear(6, 4, { bias: false });
  decode = new nn.Linear(4, 6, { bias: false });
  constructor() {
    super();
    this.decode.weight = new nn.Parameter(wave([6, 4]));
  }
  override forward(x: Tensor): Tensor {
    const h = F.gelu(x.matmul(this.decode.weight));
    return this.decode(h).add(this.embed(x).sum());
  }
}

class Contrastive extends nn.Module {
  encoder = new nn.Sequential(new nn.Linear(6, 8), new nn.ELU(), new nn.Linear(8, 4));
  override forward(a: Tensor, b: Tensor): Tensor {
    const [x, y] = [a, b].map((one) => F.normalize(this.encoder(one), 2, 1));
    return x.matmul(y.T).div(0.1);
  }
}

export const tableModels: Models = {
  "linear regression": rows(() => new nn.Linear(3, 1), 3),
  "the chapter's nonlinear regression": rows(() => new Nonlinear(), 1),
  "the chapter's classifier": rows(
    () =>
      new nn.Sequential(
        new nn.Linear(2, 8),
        new nn.Tanh(),
        new nn.Linear(8, 8),
        new nn.Tanh(),
        new nn.Linear(8, 3),
      ),
    2,
  ),
  "an MLP with norms": rows(
    () =>
      new nn.Sequential(
        new nn.Linear(6, 8),
        new nn.LayerNorm(8),
        new nn.GELU(),
        new nn.Linear(8, 8),
        new nn.RMSNorm(8),
        new nn.SiLU(),
        new nn.Linear(8, 8),
        new nn.BatchNorm1d(8),
        new nn.PReLU(),
        new nn.Softmax(-1),
      ),
    6,
  ),
  "dueling DQN": rows(() => new Dueling(), 4),
  "tabular with embeddings": {
    make: () => new Tabular(),
    inputs: (batch) => [codes(batch, 3, 3), wave([batch, 2])],
    axes: [BATCH, BATCH],
  },
  "embedding bag": {
    make: () => new Bag(),
    inputs: (batch, time) => [codes(batch, time, 9)],
    axes: [{ 0: "batch", 1: "time" }],
  },
  "graph network": {
    make: () => new GCN(),
    inputs: (batch, time) => [
      wave([batch, 5]),
      tensor([
        Array.from({ length: time }, (_, i) => BigInt(i % batch)),
        Array.from({ length: time }, (_, i) => BigInt((i * 2 + 1) % batch)),
      ]),
      wave([time], "float32", 0.1, 1),
    ],
    axes: [{ 0: "nodes" }, { 1: "edges" }, { 0: "edges" }],
  },
  "factorization machine": rows(() => new Factorization(), 6),
  "mixture of experts": rows(() => new Mixture(), 6),
  "tied weights": rows(() => new Tied(), 6),
  contrastive: {
    make: () => new Contrastive(),
    inputs: (batch, time) => [wave([batch, 6]), wave([time, 6], "float32", -1, 2)],
    axes: [{ 0: "a" }, { 0: "b" }],
  },
};
