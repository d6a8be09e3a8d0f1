/** A network for a table of categories and numbers: embeddings, early stopping, and scores of each class. */
import { balancedAccuracyScore, confusionMatrix } from "@flambeau/metrics";
import { plotConfusionMatrix } from "@flambeau/plot";
import { cat, data, F, manualSeed, nn, noGrad, optim, readCsv, stack, type Tensor } from "flambeau";
import type { Run } from "../shared/run.ts";

const categorical = ["job", "home", "purpose"];
const numeric = ["age", "income", "amount", "months"];
const batchSize = 64;

class TabularNet extends nn.Module {
  embeddings: nn.ModuleList<nn.Embedding>;
  layers: nn.Sequential;

  constructor(sizes: number[], classes: number, dim = 3) {
    super();
    this.embeddings = new nn.ModuleList(sizes.map((size) => new nn.Embedding(size, dim)));
    this.layers = new nn.Sequential(
      new nn.Linear(sizes.length * dim + numeric.length, 64),
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

type Row = [Tensor, Tensor, Tensor];

/** The mean loss, and the class that is predicted of each row, beside its own. */
async function evaluate(
  model: TabularNet,
  loader: data.DataLoader<Row>,
  device: string,
): Promise<[number, Tensor, Tensor]> {
  using _ = noGrad();
  model.eval();
  let loss = 0;
  const truth: Tensor[] = [];
  const predictions: Tensor[] = [];
  for (const [codes, numbers, labels] of loader) {
    const logits = model(codes.to(device), numbers.to(device));
    loss += await F.crossEntropy(logits, labels.to(device), { reduction: "sum" }).item();
    truth.push(labels);
    predictions.push(await logits.argmax(1).cpu());
  }
  return [loss / loader.dataset.length, cat(truth), cat(predictions)];
}

export async function main(run: Run): Promise<void> {
  manualSeed(0);
  const table = await readCsv(new URL("loans.csv", import.meta.url));
  const columns = categorical.map((name) => table.categories(name));
  const codes = stack(
    columns.map((column) => column.codes),
    1,
  );
  const sizes = columns.map((column) => column.values.length);
  const outcome = table.categories("outcome");
  const numbers = table.numeric(numeric).log();

  const rows = new data.TensorDataset(codes, numbers.sub(numbers.mean(0)).div(numbers.std(0)), outcome.codes);
  const [trainSet, validSet] = data.randomSplit(rows, [800, 200]);
  const trainLoader = new data.DataLoader(trainSet, { batchSize, shuffle: true });
  const validLoader = new data.DataLoader(validSet, { batchSize: 200 });

  const model = new TabularNet(sizes, outcome.values.length).to(run.device);
  const optimizer = new optim.AdamW(model.parameters(), { lr: 3e-3, weightDecay: 0.01 });
  const stopping = new optim.EarlyStopping({ patience: 10 });

  const { done, extra } = await run.resume({ model, optimizer });
  if (extra !== null) stopping.loadStateDict(extra as optim.EarlyStoppingState);
  for (let epoch = done; epoch < run.length(100) && !stopping.stopped; epoch++) {
    model.train();
    for await (const [codes, numbers, labels] of run.batches(trainLoader, `epoch ${epoch + 1}`)) {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model(codes.to(run.device), numbers.to(run.device)), labels.to(run.device));
      loss.backward();
      optimizer.step();
      await run.loss(loss);
    }
    const [loss] = await evaluate(model, validLoader, run.device);
    stopping.step(loss, model);
    run.print(`epoch ${epoch + 1}: validation loss ${loss.toFixed(3)}`);
    await run.save(epoch + 1, { model, optimizer, extra: stopping.stateDict() });
  }

  stopping.restoreBest(model);
  const [, truth, predicted] = await evaluate(model, validLoader, run.device);
  const counts = confusionMatrix(truth, predicted, { labels: [0, 1, 2] });
  run.print(`best epoch ${stopping.bestEpoch}: validation loss ${stopping.best.toFixed(3)}`);
  run.print(`balanced accuracy ${balancedAccuracyScore(truth, predicted).toFixed(3)}`);
  outcome.values.forEach((name, i) => {
    run.print(`${name}: ${(counts.at(i).tolist() as number[]).join(" ")}`);
  });
  await run.figure("confusion", await plotConfusionMatrix(counts, outcome.values));
}
