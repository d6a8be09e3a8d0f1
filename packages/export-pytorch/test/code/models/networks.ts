/** Networks of the examples and the chapter, as their programs define them. */
import {
  arange,
  cat,
  F,
  flatten,
  nn,
  ones,
  rand,
  randint,
  randn,
  randnLike,
  type Tensor,
  tril,
} from "flambeau";
import type { Sample } from "./sample.ts";

class DigitsNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 16, 3, { padding: 1 });
  bn1 = new nn.BatchNorm2d(16);
  conv2 = new nn.Conv2d(16, 32, 3, { padding: 1 });
  dropout1 = new nn.Dropout(0.25);
  dropout2 = new nn.Dropout(0.5);
  fc1 = new nn.Linear(32 * 2 * 2, 64);
  fc2 = new nn.Linear(64, 10);

  override forward(x: Tensor): Tensor {
    x = F.maxPool2d(F.relu(this.bn1(this.conv1(x))), 2);
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    x = this.dropout1(x);
    x = flatten(x, 1);
    x = this.dropout2(F.relu(this.fc1(x)));
    return this.fc2(x);
  }
}

const blockSize = 12;
const nEmbd = 16;
const nHead = 4;

class CausalSelfAttention extends nn.Module {
  cAttn = new nn.Linear(nEmbd, 3 * nEmbd);
  cProj = new nn.Linear(nEmbd, nEmbd);
  declare mask: Tensor;

  constructor() {
    super();
    this.registerBuffer("mask", tril(ones([blockSize, blockSize])));
  }

  override forward(x: Tensor): Tensor {
    const [B, T, C] = x.shape;
    const [q, k, v] = this.cAttn(x)
      .split(nEmbd, 2)
      .map((part) => part.view([B, T, nHead, C / nHead]).transpose(1, 2));
    let att = q.matmul(k.transpose(-2, -1)).mul((C / nHead) ** -0.5);
    att = att.maskedFill(this.mask.at(`:${T}`, `:${T}`).eq(0), -Infinity);
    const y = F.softmax(att, -1).matmul(v);
    return this.cProj(y.transpose(1, 2).reshape([B, T, C]));
  }
}

class Block extends nn.Module {
  ln1 = new nn.LayerNorm(nEmbd);
  attn = new CausalSelfAttention();
  ln2 = new nn.LayerNorm(nEmbd);
  mlp = new nn.Sequential(
    new nn.Linear(nEmbd, 4 * nEmbd),
    new nn.GELU(),
    new nn.Linear(4 * nEmbd, nEmbd),
    new nn.Dropout(0.1),
  );

  override forward(x: Tensor): Tensor {
    x = x.add(this.attn(this.ln1(x)));
    return x.add(this.mlp(this.ln2(x)));
  }
}

class GPT extends nn.Module {
  wte: nn.Embedding;
  wpe = new nn.Embedding(blockSize, nEmbd);
  drop = new nn.Dropout(0.1);
  h = new nn.ModuleList(Array.from({ length: 2 }, () => new Block()));
  lnF = new nn.LayerNorm(nEmbd);
  lmHead: nn.Linear;

  constructor(vocabSize: number) {
    super();
    this.wte = new nn.Embedding(vocabSize, nEmbd);
    this.lmHead = new nn.Linear(nEmbd, vocabSize, { bias: false });
  }

  override forward(idx: Tensor): Tensor {
    const T = idx.shape[1];
    let x = this.drop(this.wte(idx).add(this.wpe(arange(T, { dtype: "int64", device: idx.device }))));
    for (const block of this.h) x = block(x);
    return this.lmHead(this.lnF(x));
  }
}

class VAE extends nn.Module {
  fc1 = new nn.Linear(64, 128);
  fc21 = new nn.Linear(128, 8);
  fc22 = new nn.Linear(128, 8);
  fc3 = new nn.Linear(8, 128);
  fc4 = new nn.Linear(128, 64);

  encode(x: Tensor): [Tensor, Tensor] {
    const h1 = F.relu(this.fc1(x));
    return [this.fc21(h1), this.fc22(h1)];
  }

  reparameterize(mu: Tensor, logvar: Tensor): Tensor {
    const std = logvar.mul(0.5).exp();
    const eps = randnLike(std);
    return mu.add(eps.mul(std));
  }

  decode(z: Tensor): Tensor {
    const h3 = F.relu(this.fc3(z));
    return this.fc4(h3).sigmoid();
  }

  override forward(x: Tensor): [Tensor, Tensor, Tensor] {
    const [mu, logvar] = this.encode(x.view([-1, 64]));
    const z = this.reparameterize(mu, logvar);
    return [this.decode(z), mu, logvar];
  }
}

function vaeLoss([reconX, mu, logvar]: [Tensor, Tensor, Tensor], x: Tensor): Tensor {
  const BCE = F.binaryCrossEntropy(reconX, x.view([-1, 64]), { reduction: "sum" });
  const KLD = logvar.add(1).sub(mu.pow(2)).sub(logvar.exp()).sum().mul(-0.5);
  return BCE.add(KLD);
}

class NameLSTM extends nn.Module {
  embed = new nn.Embedding(27, 16);
  lstm = new nn.LSTM(16, 32, 2, { dropout: 0.2, batchFirst: true });
  head = new nn.Linear(32, 27);

  override forward(x: Tensor): Tensor {
    const [output] = this.lstm(this.embed(x));
    return this.head(output);
  }
}

function namesLoss(logits: Tensor, y: Tensor): Tensor {
  return F.crossEntropy(logits.view([-1, 27]), y.view([-1]), { ignoreIndex: -1 });
}

class TabularNet extends nn.Module {
  embeddings: nn.ModuleList<nn.Embedding>;
  layers: nn.Sequential;

  constructor(sizes: number[], numeric: number, classes: number, dim = 3) {
    super();
    this.embeddings = new nn.ModuleList(sizes.map((size) => new nn.Embedding(size, dim)));
    this.layers = new nn.Sequential(
      new nn.Linear(sizes.length * dim + numeric, 64),
      new nn.ReLU(),
      new nn.Dropout(0.2),
      new nn.Linear(64, 32),
      new nn.ReLU(),
      new nn.Linear(32, classes),
    );
  }

  override forward(codes: Tensor, numbers: Tensor): Tensor {
    const embedded = [...this.embeddings].map((embedding, i) => embedding(codes.at(":", i)));
    return this.layers(cat([...embedded, numbers], 1));
  }
}

class FCN extends nn.Module {
  fcs: nn.Sequential;
  fch: nn.Sequential;
  fce: nn.Linear;

  constructor(hidden = 32, layers = 3) {
    super();
    this.fcs = new nn.Sequential(new nn.Linear(1, hidden), new nn.Tanh());
    this.fch = new nn.Sequential(
      ...Array.from(
        { length: layers - 1 },
        () => new nn.Sequential(new nn.Linear(hidden, hidden), new nn.Tanh()),
      ),
    );
    this.fce = new nn.Linear(hidden, 1);
  }

  override forward(x: Tensor): Tensor {
    x = this.fcs(x);
    x = this.fch(x);
    return this.fce(x);
  }
}

class DQN extends nn.Module {
  layer1: nn.Linear;
  layer2: nn.Linear;
  layer3: nn.Linear;

  constructor(nObservations: number, nActions: number) {
    super();
    this.layer1 = new nn.Linear(nObservations, 128);
    this.layer2 = new nn.Linear(128, 128);
    this.layer3 = new nn.Linear(128, nActions);
  }

  override forward(x: Tensor): Tensor {
    x = F.relu(this.layer1(x));
    x = F.relu(this.layer2(x));
    return this.layer3(x);
  }
}

const [nz, ngf, ndf] = [10, 8, 8];

/** From nz x 1 x 1 to 1 x 16 x 16. */
function generator(): nn.Sequential {
  return new nn.Sequential(
    new nn.ConvTranspose2d(nz, ngf * 2, 4, 1, 0, { bias: false }),
    new nn.BatchNorm2d(ngf * 2),
    new nn.ReLU(),
    new nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(ngf),
    new nn.ReLU(),
    new nn.ConvTranspose2d(ngf, 1, 4, 2, 1, { bias: false }),
    new nn.Tanh(),
  );
}

/** From 1 x 16 x 16 to 1 x 1 x 1. */
function discriminator(): nn.Sequential {
  return new nn.Sequential(
    new nn.Conv2d(1, ndf, 4, 2, 1, { bias: false }),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(ndf, ndf * 2, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(ndf * 2),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(ndf * 2, 1, 4, 1, 0, { bias: false }),
    new nn.Sigmoid(),
  );
}

const long = (high: number, size: number[]): Tensor => randint(high, size);

/** A sample of each. */
export function networks(): Record<string, () => Sample> {
  return {
    chapter_mlp: () => ({
      model: new nn.Sequential(new nn.Linear(2, 8), new nn.LeakyReLU(0.1), new nn.Linear(8, 1)),
      inputs: [randn([4, 2])],
      loss: (output: Tensor, y: Tensor) => F.mseLoss(output.at(":", 0), y),
      rest: [randn([4])],
    }),
    digits_cnn: () => ({
      model: new DigitsNet(),
      inputs: [rand([4, 1, 8, 8])],
      loss: new nn.CrossEntropyLoss(),
      rest: [long(10, [4])],
    }),
    char_gpt: () => ({
      model: new GPT(20),
      inputs: [long(20, [3, blockSize])],
      loss: (logits: Tensor, targets: Tensor) => F.crossEntropy(logits.view([-1, 20]), targets.view([-1])),
      rest: [long(20, [3, blockSize])],
    }),
    vae: () => ({ model: new VAE(), inputs: [rand([4, 8, 8])], loss: vaeLoss, rest: undefined }),
    lstm_names: () => ({
      model: new NameLSTM(),
      inputs: [long(27, [3, 7])],
      loss: namesLoss,
      rest: [long(27, [3, 7])],
    }),
    tabular: () => ({
      model: new TabularNet([4, 3, 5], 2, 3),
      inputs: [long(3, [6, 3]), randn([6, 2])],
      loss: (logits: Tensor, labels: Tensor) => F.crossEntropy(logits, labels, { labelSmoothing: 0.1 }),
      rest: [long(3, [6])],
    }),
    pinn: () => ({
      model: new FCN(),
      inputs: [rand([5, 1])],
      loss: (u: Tensor, y: Tensor) => u.sub(y).pow(2).mean(),
      rest: [rand([5, 1])],
    }),
    dqn: () => ({
      model: new DQN(4, 2),
      inputs: [randn([5, 4])],
      loss: (q: Tensor, action: Tensor, expected: Tensor) =>
        F.smoothL1Loss(q.gather(1, action), expected.unsqueeze(1)),
      rest: [long(2, [5, 1]), randn([5])],
    }),
    dcgan_generator: () => ({
      model: generator(),
      inputs: [randn([4, nz, 1, 1])],
      loss: (fake: Tensor, real: Tensor) => F.l1Loss(fake, real),
      rest: [rand([4, 1, 16, 16])],
    }),
    dcgan_discriminator: () => ({
      model: discriminator(),
      inputs: [randn([4, 1, 16, 16])],
      loss: (output: Tensor, target: Tensor) => F.binaryCrossEntropy(output.view([-1]), target),
      rest: [rand([4])],
    }),
  };
}
