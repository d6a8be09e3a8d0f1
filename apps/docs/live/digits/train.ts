/** A convolutional network that reads handwritten digits of 8 x 8 pixels. */
import { data, datasets, F, manualSeed, nn, noGrad, optim, type Tensor, tensor } from "flambeau";
import type { Settings } from "../slider.ts";
import type { Training } from "../training.ts";
import type { DigitsAnswer, DigitsQuestion, DigitsShown } from "./sliders.ts";

const batchSize = 64;

class Net extends nn.Module {
  conv1: nn.Conv2d;
  conv2: nn.Conv2d;
  dropout = new nn.Dropout(0.25);
  fc1: nn.Linear;
  fc2 = new nn.Linear(64, 10);

  constructor(channels: number) {
    super();
    this.conv1 = new nn.Conv2d(1, channels, 3, { padding: 1 });
    this.conv2 = new nn.Conv2d(channels, 2 * channels, 3, { padding: 1 });
    this.fc1 = new nn.Linear(2 * channels * 2 * 2, 64);
  }

  override forward(x: Tensor): Tensor {
    x = F.maxPool2d(F.relu(this.conv1(x)), 2);
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    x = this.dropout(x.flatten(1));
    return this.fc2(F.relu(this.fc1(x)));
  }
}

export async function makeDigits({ channels, lr }: Settings, device: string): Promise<Training> {
  manualSeed(1);
  const digits = await datasets.loadDigits();
  const [XTrain, XTest, yTrain, yTest] = datasets.trainTestSplit(
    digits.images.float().unsqueeze(1).div(16),
    digits.target,
    { testSize: 0.2, randomState: 0 },
  );
  const loader = new data.DataLoader(new data.TensorDataset(XTrain, yTrain), batchSize, true);
  const images = XTest.to(device);
  const labels = yTest.to(device);

  const model = new Net(channels).to(device);
  const optimizer = new optim.Adam(model.parameters(), { lr });

  function* batches(): Generator<[Tensor, Tensor], never, undefined> {
    for (;;) yield* loader as Iterable<[Tensor, Tensor]>;
  }
  const batch = batches();

  const evaluate = (x: Tensor): Tensor => {
    model.eval();
    const logits = noGrad(() => model(x));
    model.train();
    return logits;
  };

  return {
    showEvery: 20,
    step() {
      const [x, y] = batch.next().value.map((part) => part.to(device));
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model(x), y);
      loss.backward();
      optimizer.step();
      return loss.detach();
    },
    set({ lr }) {
      optimizer.paramGroups[0].lr = lr;
    },
    async *show() {
      const right = evaluate(images).argmax(1).eq(labels).float().mean();
      yield { accuracy: await right.item() } satisfies DigitsShown;
    },
    async answer(question) {
      const asked = question as DigitsQuestion;
      if ("example" in asked) {
        const at = asked.example % XTest.shape[0];
        const image = await XTest.at(at).mul(16).flatten().toArray<number[]>();
        return { image, label: await yTest.at(at).item() } as DigitsAnswer;
      }
      const x = tensor(asked.drawing).view([1, 1, 8, 8]).div(16).to(device);
      const probabilities = await F.softmax(evaluate(x), 1).at(0).toArray<number[]>();
      return { probabilities } satisfies DigitsAnswer;
    },
  };
}
