/** An LSTM that writes names: trained on packed batches of whole names, then run letter by letter with its state carried. */
import { readFileSync } from "node:fs";
import { plotLines } from "@flambeau/plot";
import { data, F, manualSeed, multinomial, nn, noGrad, optim, type Tensor, tensor } from "flambeau";
import type { Run } from "../shared/run.ts";

const { packPaddedSequence, padPackedSequence, padSequence } = nn.utils.rnn;

const names = readFileSync(new URL("../makemore-mlp/names.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
const chars = [".", ...[...new Set(names.join(""))].sort()];

const embedDim = 16;
const hiddenSize = 64;
const numLayers = 2;
const dropout = 0.2;
const padding = -1;

/** A name as the letters to read, after a dot, and those to say, the dot last. */
class Names extends data.Dataset<[Tensor, Tensor]> {
  override readonly length = names.length;

  override get(i: number): [Tensor, Tensor] {
    const letters = tensor(
      Array.from(`.${names[i]}.`, (c) => chars.indexOf(c)),
      { dtype: "int64" },
    );
    return [letters.at(":-1"), letters.at("1:")];
  }
}

function collate(pairs: [Tensor, Tensor][]): [Tensor, Tensor, Tensor] {
  pairs.sort(([a], [b]) => b.length - a.length);
  const inputs = pairs.map(([x]) => x);
  const targets = pairs.map(([, y]) => y);
  const lengths = tensor(
    inputs.map((x) => x.length),
    { dtype: "int64" },
  );
  return [
    padSequence(inputs, { batchFirst: true }),
    padSequence(targets, { batchFirst: true, paddingValue: padding }),
    lengths,
  ];
}

class NameLSTM extends nn.Module {
  embed = new nn.Embedding(chars.length, embedDim);
  lstm = new nn.LSTM(embedDim, hiddenSize, numLayers, { dropout, batchFirst: true });
  head = new nn.Linear(hiddenSize, chars.length);

  override forward(x: Tensor, lengths: Tensor): Tensor {
    const packed = packPaddedSequence(this.embed(x), lengths, { batchFirst: true });
    const [output] = this.lstm(packed);
    const [padded] = padPackedSequence(output, { batchFirst: true });
    return this.head(padded);
  }

  step(letter: Tensor, state: nn.LSTMState | null): [Tensor, nn.LSTMState] {
    const [output, next] = this.lstm(this.embed(letter), state);
    return [this.head(output.at(":", -1)), next];
  }
}

function criterion(logits: Tensor, y: Tensor): Tensor {
  return F.crossEntropy(logits.view([-1, chars.length]), y.view([-1]), { ignoreIndex: padding });
}

type Loader = data.DataLoader<[Tensor, Tensor], [Tensor, Tensor, Tensor]>;

async function evaluate(model: NameLSTM, loader: Loader, device: string): Promise<number> {
  using _ = noGrad();
  model.eval();
  let [total, count] = [0, 0];
  for (const [x, y, lengths] of loader) {
    const loss = criterion(model(x.to(device), lengths), y.to(device));
    const letters = await lengths.sum().item();
    total += (await loss.item()) * letters;
    count += letters;
  }
  return total / count;
}

async function write(model: NameLSTM, device: string, temperature = 0.8): Promise<string> {
  using _ = noGrad();
  let letter = tensor([[0n]], { device });
  let state: nn.LSTMState | null = null;
  let name = "";
  while (name.length < 15) {
    let logits: Tensor;
    [logits, state] = model.step(letter, state);
    letter = multinomial(F.softmax(logits.div(temperature), 1), 1);
    const c = chars[await letter.item()];
    if (c === ".") break;
    name += c;
  }
  return name;
}

export async function main(run: Run): Promise<void> {
  manualSeed(0);
  const nDev = Math.floor(names.length / 10);
  const [trainSet, devSet] = data.randomSplit(new Names(), [names.length - nDev, nDev]);
  const trainLoader = new data.DataLoader(trainSet, { batchSize: 32, shuffle: true, collateFn: collate });
  const devLoader = new data.DataLoader(devSet, { batchSize: 100, collateFn: collate });

  const model = new NameLSTM().to(run.device);
  const optimizer = new optim.Adam(model.parameters(), { lr: 5e-3 });

  const { done, extra } = await run.resume({ model, optimizer });
  const [train, dev] = (extra as [number[], number[]] | null) ?? [[], []];
  for (let epoch = done; epoch < run.length(14); epoch++) {
    model.train();
    for await (const [x, y, lengths] of run.batches(trainLoader, `epoch ${epoch + 1}`)) {
      optimizer.zeroGrad();
      const loss = criterion(model(x.to(run.device), lengths), y.to(run.device));
      loss.backward();
      nn.utils.clipGradNorm_(model.parameters(), 1);
      optimizer.step();
      await run.loss(loss);
    }
    train.push(await evaluate(model, trainLoader, run.device));
    dev.push(await evaluate(model, devLoader, run.device));
    run.print(`epoch ${epoch + 1}: train ${train[epoch].toFixed(3)}, dev ${dev[epoch].toFixed(3)}`);
    await run.save(epoch + 1, { model, optimizer, extra: [train, dev] });
  }

  for (let i = 0; i < 10; i++) run.print(await write(model, run.device));

  const labels = {
    labels: ["training", "validation"],
    xLabel: "epoch",
    yLabel: "loss",
    title: "Loss of each epoch",
  };
  await run.figure(
    "epochs",
    await plotLines(
      [train, dev],
      train.map((_, i) => i + 1),
      labels,
    ),
  );
}
