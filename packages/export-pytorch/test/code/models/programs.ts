/** Models whose code has to say more than layers in a row. */
import {
  arange,
  cat,
  einsum,
  empty,
  F,
  nn,
  noGrad,
  ones,
  rand,
  randint,
  randn,
  stack,
  type Tensor,
  tensor,
  where,
  zeros,
  zerosLike,
} from "flambeau";
import type { Sample } from "./sample.ts";

class BasicBlock extends nn.Module {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  shortcut: nn.Sequential | null = null;

  constructor(inPlanes: number, planes: number, stride = 1) {
    super();
    this.conv1 = new nn.Conv2d(inPlanes, planes, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(planes);
    this.conv2 = new nn.Conv2d(planes, planes, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(planes);
    if (stride !== 1 || inPlanes !== planes)
      this.shortcut = new nn.Sequential(
        new nn.Conv2d(inPlanes, planes, 1, { stride, bias: false }),
        new nn.BatchNorm2d(planes),
      );
  }

  override forward(x: Tensor): Tensor {
    let out = F.relu(this.bn1(this.conv1(x)));
    out = this.bn2(this.conv2(out));
    out = out.add(this.shortcut === null ? x : this.shortcut(x));
    return F.relu(out);
  }
}

class ResNet extends nn.Module {
  conv1 = new nn.Conv2d(3, 8, 3, { padding: 1, bias: false });
  bn1 = new nn.BatchNorm2d(8);
  layer1 = new nn.Sequential(new BasicBlock(8, 8), new BasicBlock(8, 8));
  layer2 = new nn.Sequential(new BasicBlock(8, 16, 2), new BasicBlock(16, 16));
  layer3 = new nn.Sequential(new BasicBlock(16, 32, 2), new BasicBlock(32, 32));
  avgpool = new nn.AdaptiveAvgPool2d(1);
  fc = new nn.Linear(32, 10);

  override forward(x: Tensor): Tensor {
    x = F.relu(this.bn1(this.conv1(x)));
    x = this.layer3(this.layer2(this.layer1(x)));
    x = this.avgpool(x).flatten(1);
    return this.fc(x);
  }
}

class DoubleConv extends nn.Module {
  net: nn.Sequential;

  constructor(inChannels: number, outChannels: number) {
    super();
    this.net = new nn.Sequential(
      new nn.Conv2d(inChannels, outChannels, 3, { padding: 1 }),
      new nn.ReLU(true),
      new nn.Conv2d(outChannels, outChannels, 3, { padding: 1 }),
      new nn.ReLU(true),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.net(x);
  }
}

class UNet extends nn.Module {
  down1 = new DoubleConv(1, 4);
  down2 = new DoubleConv(4, 8);
  up = new nn.ConvTranspose2d(8, 4, 2, { stride: 2 });
  fuse = new DoubleConv(8, 4);
  head = new nn.Conv2d(4, 2, 1);

  override forward(x: Tensor): Tensor {
    const skip = this.down1(x);
    x = this.down2(F.maxPool2d(skip, 2));
    x = this.up(x);
    x = this.fuse(cat([x, skip], 1));
    x = F.interpolate(x, { scaleFactor: 2, mode: "bilinear", alignCorners: false });
    return this.head(x);
  }
}

class GraphConvolution extends nn.Module {
  weight: nn.Parameter;
  bias: nn.Parameter;

  constructor(inFeatures: number, outFeatures: number) {
    super();
    this.weight = new nn.Parameter(empty([inFeatures, outFeatures]));
    this.bias = new nn.Parameter(empty([outFeatures]));
    const stdv = 1 / outFeatures ** 0.5;
    nn.init.uniform_(this.weight, -stdv, stdv);
    nn.init.uniform_(this.bias, -stdv, stdv);
  }

  override forward(x: Tensor, row: Tensor, col: Tensor, norm: Tensor): Tensor {
    const support = x.matmul(this.weight);
    const messages = support.at(row).mul(norm.unsqueeze(1));
    return zerosLike(support).indexAdd(0, col, messages).add(this.bias);
  }
}

class GCN extends nn.Module {
  gc1: GraphConvolution;
  gc2: GraphConvolution;
  dropout: number;

  constructor(nfeat: number, nhid: number, nclass: number, dropout: number) {
    super();
    this.gc1 = new GraphConvolution(nfeat, nhid);
    this.gc2 = new GraphConvolution(nhid, nclass);
    this.dropout = dropout;
  }

  override forward(x: Tensor, edges: Tensor, norm: Tensor): Tensor {
    const [row, col] = [edges.at(":", 0), edges.at(":", 1)];
    x = F.relu(this.gc1(x, row, col, norm));
    x = F.dropout(x, this.dropout, { training: this.training });
    return this.gc2(x, row, col, norm);
  }
}

const hiddenSize = 11;

class Sequence extends nn.Module {
  lstm1 = new nn.LSTMCell(1, hiddenSize, { dtype: "float64" });
  lstm2 = new nn.LSTMCell(hiddenSize, hiddenSize, { dtype: "float64" });
  linear = new nn.Linear(hiddenSize, 1, { dtype: "float64" });

  override forward(input: Tensor): Tensor {
    const { device } = input;
    const outputs: Tensor[] = [];
    let [h1, c1] = [
      zeros([input.length, hiddenSize], { dtype: "float64", device }),
      zeros([input.length, hiddenSize], { dtype: "float64", device }),
    ];
    let [h2, c2] = [h1, c1];
    for (let t = 0; t < input.shape[1]; t++) {
      [h1, c1] = this.lstm1(input.narrow(1, t, 1), [h1, c1]);
      [h2, c2] = this.lstm2(h1, [h2, c2]);
      outputs.push(this.linear(h2));
    }
    return cat(outputs, 1);
  }
}

/** Makemore's network, with parameters of its own. */
class Makemore extends nn.Module {
  C = new nn.Parameter(randn([27, 4]));
  W1 = new nn.Parameter(randn([12, 20]).mul(0.2));
  b1 = new nn.Parameter(randn([20]).mul(0.01));
  W2 = new nn.Parameter(randn([20, 27]).mul(0.1));
  b2 = new nn.Parameter(zeros([27]));

  override forward(X: Tensor): Tensor {
    const emb = this.C.at(X);
    const h = emb.view([-1, 12]).matmul(this.W1).add(this.b1).tanh();
    return h.matmul(this.W2).add(this.b2);
  }
}

/** Positions as a constant that the program holds. */
const positions = arange(6).unsqueeze(1).mul(arange(8).mul(-0.5).exp()).sin();

class Encoder extends nn.Module {
  embed = new nn.Embedding(13, 8);
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, dropout: 0, batchFirst: true }),
    2,
  );
  decoder = new nn.Linear(8, 13);

  constructor() {
    super();
    this.decoder.weight = this.embed.weight;
  }

  override forward(src: Tensor): Tensor {
    const mask = ones([6, 6]).triu(1).bool();
    const x = this.encoder(
      this.embed(src)
        .mul(8 ** 0.5)
        .add(positions),
      { mask },
    );
    return this.decoder(x);
  }
}

class Attention extends nn.Module {
  qkv = new nn.Linear(8, 24);
  attn = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  norm = new nn.LayerNorm(8, { bias: false });

  override forward(x: Tensor): Tensor {
    const [B, T, C] = x.shape;
    const [q, k, v] = this.qkv(x)
      .chunk(3, -1)
      .map((part) => part.reshape([B, T, 2, C / 2]).transpose(1, 2));
    const y = F.scaledDotProductAttention(q, k, v, { isCausal: true }).transpose(1, 2).reshape([B, T, C]);
    const [attended] = this.attn(this.norm(y), y, y, { needWeights: false });
    return attended.reshape([B * T, C]).add(x.reshape([B * T, C]));
  }
}

class CausalBlock extends nn.Module {
  norm = new nn.LayerNorm(16);
  qkv = new nn.Linear(16, 48);
  proj = new nn.Linear(16, 16);
  mlp = new nn.Sequential(new nn.Linear(16, 32), new nn.SiLU(), new nn.Linear(32, 16));
  readonly heads: number;

  constructor(heads: number) {
    super();
    this.heads = heads;
  }

  override forward(x: Tensor): Tensor {
    const [B, T, C] = x.shape;
    const [q, k, v] = this.qkv(this.norm(x)).chunk(3, { dim: -1 });
    const split = (part: Tensor): Tensor => part.view([B, T, this.heads, C / this.heads]).transpose(1, 2);
    const y = F.scaledDotProductAttention(split(q), split(k), split(v), { isCausal: true });
    x = x.add(this.proj(y.transpose(1, 2).reshape([B, T, C])));
    return x.add(this.mlp(x));
  }
}

/** Takes sequences of any length up to 32. */
class Decoder extends nn.Module {
  tokens = new nn.Embedding(20, 16);
  positions = new nn.Embedding(32, 16);
  blocks = new nn.ModuleList([new CausalBlock(2), new CausalBlock(4)]);
  norm = new nn.LayerNorm(16);

  override forward(ids: Tensor): Tensor {
    const T = ids.shape[1];
    let x = this.tokens(ids).add(this.positions(arange(T, { dtype: "int64" })));
    for (const block of this.blocks) x = block(x);
    return F.linear(this.norm(x), this.tokens.weight);
  }
}

/** Two towers that share an encoder, one of them without gradients. */
class Siamese extends nn.Module {
  encoder = new nn.ModuleDict({ first: new nn.Linear(4, 8), second: new nn.Linear(8, 8) });
  temperature = new nn.Parameter(tensor(0.5));

  encode(x: Tensor): Tensor {
    const h = F.relu(this.encoder.get("first")!(x) as Tensor);
    return F.normalize(this.encoder.get("second")!(h) as Tensor, { dim: 1 });
  }

  override forward(a: Tensor, b: Tensor): { online: Tensor; target: Tensor; scale: Tensor } {
    const online = this.encode(a);
    const target = noGrad(() => this.encode(b));
    const centered = online.sub(online.mean(0).detach());
    return { online: centered, target, scale: this.temperature.exp() };
  }
}

class Scaled extends nn.Module {
  scale: nn.Parameter;
  constructor(size: number) {
    super();
    this.scale = new nn.Parameter(ones([size]));
  }
  override forward(x: Tensor): Tensor {
    return x.mul(this.scale).div(x.pow(2).mean(-1, true).add(1e-6).sqrt());
  }
}

/** Layers one after the other, writes in place, masks and constants. */
class Mixed extends nn.Module {
  layers = new nn.ModuleList([new nn.Linear(6, 6), new nn.Linear(6, 6), new nn.Linear(6, 6)]);
  norms = new nn.ParameterList([new nn.Parameter(ones([6])), new nn.Parameter(ones([6]))]);
  rms = new Scaled(6);
  gru = new nn.GRU(6, 5, { bidirectional: true });
  readonly count = new nn.Buffer(tensor([1, 2]));
  lambda = new nn.Linear(10, 3);

  override forward(x: Tensor, lengths: Tensor): Tensor[] {
    for (const layer of this.layers) x = x.add(F.relu(layer(x)));
    x = this.rms(x.mul(this.norms[0])).sub(this.norms[1]);
    const mask = arange(4n).unsqueeze(0).lt(lengths.unsqueeze(1));
    x = x.maskedFill(mask.logicalNot().unsqueeze(-1), 0);
    const [output, h] = this.gru(x.transpose(0, 1));
    const y = output.clone();
    y.at(0).mul_(2);
    y.set([-1, ":", "::2"], 0.5);
    const best = y.max(0).values;
    const z = where(best.gt(0), best, 0).add(this.count.sum());
    const [mean, variance] = [z.mean(1, true), z.var(1, { keepdim: true, correction: 0 })];
    const pooled = einsum("tbh,bt->bh", y, mask.float());
    return [
      this.lambda(z.sub(mean).div(variance.add(1e-5).sqrt())),
      pooled.neg(),
      stack([h.at(0), h.at(1)]).mean(0),
    ];
  }
}

/** Names and calls that take more than a line. */
class VeryLongNames extends nn.Module {
  theFirstProjectionOfTheInput = new nn.Linear(6, 12);
  theSecondProjectionOfTheInput = new nn.Linear(6, 12);
  head = new nn.ModuleDict({
    classification: new nn.Sequential(
      new nn.Linear(12, 24),
      new nn.ReLU(),
      new nn.Dropout(0),
      new nn.Linear(24, 3),
    ),
    regressionOfTheTarget: new nn.Linear(12, 1),
  });

  override forward(
    theInputFromTheSensors: Tensor,
    theMaskOfMissingValues: Tensor,
    aThirdInput: Tensor,
  ): Tensor[] {
    const present = theInputFromTheSensors.maskedFill(theMaskOfMissingValues, 0).add(aThirdInput);
    const first = this.theFirstProjectionOfTheInput(present);
    const second = this.theSecondProjectionOfTheInput(present);
    const joined = F.cosineSimilarity(first, second, { dim: -1, eps: 1e-4 });
    const features = first
      .mul(second.sigmoid())
      .add(first.sub(second).tanh())
      .div(second.exp().add(1).log().add(joined.unsqueeze(-1)));
    const pooled = F.avgPool1d(features.unsqueeze(1), 3, {
      stride: 1,
      padding: 1,
      ceilMode: true,
      countIncludePad: false,
    }).squeeze(1);
    const logits = this.head.get("classification")!(pooled) as Tensor;
    const value = this.head.get("regressionOfTheTarget")!(pooled) as Tensor;
    return [logits, value, joined, features.detach(), first.norm(), second.norm()];
  }
}

const weights = tensor([1, 2, 0.5]);

/** Models, whose numbers follow from one seed. */
export function programs(): Record<string, () => Sample> {
  const ints = (high: number, size: number[]): Tensor => randint(high, size);
  return {
    resnet: () => ({
      model: new ResNet(),
      inputs: [rand([3, 3, 8, 8])],
      loss: new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }),
      rest: [ints(10, [3])],
    }),
    unet: () => ({
      model: new UNet(),
      inputs: [rand([2, 1, 8, 8])],
      loss: (output: Tensor, target: Tensor) => F.crossEntropy(output, target),
      rest: [ints(2, [2, 16, 16])],
    }),
    graph_network: () => ({
      model: new GCN(5, 8, 3, 0.5),
      inputs: [randn([7, 5]), ints(7, [7, 2]), rand([7])],
      loss: (output: Tensor, labels: Tensor) => F.nllLoss(F.logSoftmax(output, 1), labels),
      rest: [ints(3, [7])],
    }),
    time_series: () => ({
      model: new Sequence(),
      inputs: [rand([3, 4], { dtype: "float64" })],
      loss: new nn.MSELoss(),
      rest: [rand([3, 4], { dtype: "float64" })],
    }),
    makemore_mlp: () => ({
      model: new Makemore(),
      inputs: [ints(27, [5, 3])],
      loss: (logits: Tensor, y: Tensor) => F.crossEntropy(logits, y),
      rest: [ints(27, [5])],
    }),
    transformer: () => ({
      model: new Encoder(),
      inputs: [ints(13, [2, 6])],
      loss: (logits: Tensor, y: Tensor) => F.crossEntropy(logits.flatten(0, 1), y.flatten()),
      rest: [ints(13, [2, 6])],
    }),
    attention: () => ({
      model: new Attention(),
      inputs: [randn([2, 5, 8])],
      loss: (output: Tensor, target: Tensor) => output.sub(target.flatten(0, 1)).abs().mean(),
      rest: [randn([2, 5, 8])],
    }),
    decoder: () => ({
      model: new Decoder(),
      inputs: [ints(20, [2, 10])],
      loss: (logits: Tensor, targets: Tensor) => F.crossEntropy(logits.flatten(0, 1), targets.flatten()),
      rest: [ints(20, [2, 10])],
    }),
    siamese: () => ({
      model: new Siamese(),
      inputs: [randn([4, 4]), randn([4, 4])],
      loss: ({ online, target, scale }: Record<string, Tensor>, y: Tensor) => {
        const similarity = online.matmul(target.T).mul(scale);
        return F.crossEntropy(similarity, y).add(online.sub(target).pow(2).sum().div(y.shape[0]));
      },
      rest: [arange(4n)],
    }),
    long_names: () => ({
      model: new VeryLongNames(),
      inputs: [randn([4, 6]), rand([4, 6]).gt(0.8), randn([4, 6])],
      loss: (
        [logits, value, similarity]: Tensor[],
        labelsOfTheClasses: Tensor,
        targetsOfTheRegression: Tensor,
      ) =>
        F.crossEntropy(logits, labelsOfTheClasses, {
          weight: tensor([0.25, 0.5, 1.75]),
          ignoreIndex: -1,
          labelSmoothing: 0.05,
        })
          .add(F.mseLoss(value.squeeze(1), targetsOfTheRegression))
          .add(similarity.mean()),
      rest: [ints(3, [4]), randn([4])],
    }),
    mixed: () => ({
      model: new Mixed(),
      inputs: [randn([2, 4, 6]), tensor([4n, 2n])],
      loss: ([logits, pooled, last]: Tensor[], y: Tensor) =>
        F.crossEntropy(logits, y, { weight: weights }).add(pooled.mean()).sub(last.square().sum().mul(1e-3)),
      rest: [ints(3, [2])],
    }),
  };
}
