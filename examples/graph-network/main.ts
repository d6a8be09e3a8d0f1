/** A graph convolutional network that tells which club each member joins. After T. Kipf's pygcn. */
import { readFileSync } from "node:fs";
import { plotClassification2d } from "@flambeau/plot";
import {
  arange,
  cat,
  empty,
  eye,
  F,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  type Tensor,
  tensor,
  zeros,
  zerosLike,
} from "flambeau";
import type { Run } from "../shared/run.ts";

interface Karate {
  readonly edges: number[][];
  readonly club: number[];
}

const karate = JSON.parse(readFileSync(new URL("karate.json", import.meta.url), "utf8")) as Karate;

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

  override forward(x: Tensor, edgeIndex: Tensor, norm: Tensor): Tensor {
    const [row, col] = edgeIndex;
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

  override forward(x: Tensor, edgeIndex: Tensor, norm: Tensor): Tensor {
    x = F.relu(this.gc1(x, edgeIndex, norm));
    x = F.dropout(x, this.dropout, { training: this.training });
    return this.gc2(x, edgeIndex, norm);
  }
}

/** The edges with a loop at each node, and the weight of each: D^-1/2 (A + I) D^-1/2. */
function gcnNorm(edges: Tensor, numNodes: number): [Tensor, Tensor] {
  const loops = arange(numNodes, { dtype: "int64" }).expand([2, -1]);
  const edgeIndex = cat([edges, edges.flip([0]), loops], 1);
  const [row, col] = edgeIndex;
  const deg = zeros([numNodes]).indexAdd(0, col, ones([col.length]));
  const degInvSqrt = deg.pow(-0.5);
  return [edgeIndex, degInvSqrt.at(row).mul(degInvSqrt.at(col))];
}

export async function main(run: Run): Promise<void> {
  manualSeed(42);
  const labels = tensor(karate.club, { dtype: "int64" }).to(run.device);
  const n = labels.length;
  const [edgeIndex, norm] = gcnNorm(tensor(karate.edges, { dtype: "int64" }).t(), n).map((t) =>
    t.to(run.device),
  );
  const features = eye(n, { device: run.device });
  const train = tensor([0n, 33n], { device: run.device });

  const model = new GCN(n, 16, 2, 0.5).to(run.device);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, weightDecay: 5e-4 });

  const length = run.length(200);
  const { done } = await run.resume({ model, optimizer });
  for (const step of run.steps(done, length)) {
    model.train();
    optimizer.zeroGrad();
    const output = model(features, edgeIndex, norm);
    const loss = F.crossEntropy(output.at(train), labels.at(train));
    loss.backward();
    optimizer.step();
    await run.loss(loss);
    if ((step + 1) % 50 === 0 || step + 1 === length) await run.save(step + 1, { model, optimizer });
  }

  model.eval();
  const output = await noGrad(() => model(features, edgeIndex, norm)).cpu();
  const truth = await labels.cpu();
  const predicted = output.argmax(1);
  const correct = await predicted.eq(truth).sum().item();
  const accuracy = ((100 * correct) / n).toFixed(1);
  run.print(`${train.length} labels given, ${correct}/${n} members in the right club (${accuracy}%)`);
  const wrong = await predicted.ne(truth).nonzero().view([-1]).toArray<number[]>();
  run.print(`wrong: [${wrong.join(", ")}]`);

  const title = "Members by the network's two outputs, coloured by club";
  await run.figure("members", await plotClassification2d(output, truth, { title }));
}
