/** A convolutional network that reads handwritten digits. After PyTorch's MNIST example. */
import { loadDigits, trainTestSplit } from "@flambeau/datasets";
import { classificationReport, confusionMatrix } from "@flambeau/metrics";
import { plotConfusionMatrix, plotImages } from "@flambeau/plot";
import { cat, data, F, flatten, manualSeed, nn, noGrad, optim, type Tensor } from "flambeau";
import type { Run } from "../shared/run.ts";

const batchSize = 64;

class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 32, 3, { padding: 1 });
  dropout1 = new nn.Dropout(0.25);
  dropout2 = new nn.Dropout(0.5);
  fc1 = new nn.Linear(32 * 2 * 2, 64);
  fc2 = new nn.Linear(64, 10);

  override forward(x: Tensor): Tensor {
    x = F.maxPool2d(F.relu(this.conv1(x)), 2);
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    x = this.dropout1(x);
    x = flatten(x, 1);
    x = this.dropout2(F.relu(this.fc1(x)));
    return this.fc2(x);
  }
}

type Loader = data.DataLoader<[Tensor, Tensor]>;

/** The mean loss, and the class that is predicted of each image. */
async function evaluate(model: Net, loader: Loader, device: string): Promise<[number, Tensor]> {
  model.eval();
  let loss = 0;
  const predictions: Tensor[] = [];
  for (const [images, labels] of loader) {
    const logits = noGrad(() => model(images.to(device)));
    loss += await F.crossEntropy(logits, labels.to(device), { reduction: "sum" }).item();
    predictions.push(await logits.argmax(1).cpu());
  }
  return [loss / loader.dataset.length, cat(predictions)];
}

export async function main(run: Run): Promise<void> {
  manualSeed(1);
  const digits = await loadDigits();
  const images = digits.images.float().unsqueeze(1).div(16);
  const labels = digits.target;
  const split = { testSize: 0.2, randomState: 0 };
  const [XTrain, XTest, yTrain, yTest] = trainTestSplit(images, labels, split);
  const trainLoader = new data.DataLoader(new data.TensorDataset(XTrain, yTrain), batchSize, true);
  const testLoader = new data.DataLoader(new data.TensorDataset(XTest, yTest), 256);

  const model = new Net().to(run.device);
  const optimizer = new optim.Adam(model.parameters(), { lr: 3e-3 });

  const length = run.length(20);
  const { done } = await run.resume({ model, optimizer });
  for (let epoch = done; epoch < length; epoch++) {
    model.train();
    for await (const batch of run.batches(trainLoader, `epoch ${epoch + 1}`)) {
      const [images, labels] = batch.map((x) => x.to(run.device));
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model(images), labels);
      loss.backward();
      optimizer.step();
      await run.loss(loss);
    }

    const [loss, predicted] = await evaluate(model, testLoader, run.device);
    const correct = await predicted.eq(yTest).sum().item();
    const accuracy = ((100 * correct) / yTest.length).toFixed(1);
    run.print(
      `epoch ${epoch + 1}: test loss ${loss.toFixed(3)}, accuracy ${correct}/${yTest.length} (${accuracy}%)`,
    );
    await run.save(epoch + 1, { model, optimizer });
  }

  const [, predicted] = await evaluate(model, testLoader, run.device);
  run.print(classificationReport(yTest, predicted, { digits: 3, zeroDivision: 0 }));
  await run.figure("confusion", await plotConfusionMatrix(confusionMatrix(yTest, predicted)));

  const wrong = predicted.ne(yTest);
  const [truth, guess] = [yTest.at(wrong), predicted.at(wrong)].map((x) => x.tolist() as number[]);
  if (truth.length > 0) {
    const captions = truth.map((digit, i) => `${digit}, not ${guess[i]}`);
    await run.figure("wrong", await plotImages(XTest.at(wrong), { labels: captions, range: [0, 1] }));
  }
}
